package io.linchpin.cluster.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MusterTest {
    private static final long BEGIN = Long.MAX_VALUE - 5;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void aSingleNodeWaitsForNobody() {
        assertTrue(new Muster(1, BEGIN).isComplete());
    }

    @Test
    void aClusterWaitsUntilAllThatWereStartedTogetherCanTakeShards() {
        Muster muster = new Muster(3, BEGIN);
        muster.look(BEGIN + SECOND, SECOND);
        muster.ready(2);
        assertFalse(muster.isComplete());
        muster.ready(3);
        assertTrue(muster.isComplete());
        muster.ready(2);
        assertTrue(muster.isComplete(), "a death does not begin it anew");
    }

    @Test
    void patienceEnds() {
        Muster muster = new Muster(3, BEGIN);
        muster.look(BEGIN + 14 * SECOND, 14 * SECOND);
        assertFalse(muster.isComplete());
        muster.look(BEGIN + 16 * SECOND, -1);
        assertTrue(muster.isComplete());
    }

    @Test
    void whoJoinsAnOldClusterDoesNotWait() {
        Muster muster = new Muster(3, BEGIN);
        muster.look(BEGIN, 3600 * SECOND);
        assertTrue(muster.isComplete());
    }
}
