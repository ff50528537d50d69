package io.linchpin.cluster.shard;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MisplacementTest {
    private final Misplacement misplacement = new Misplacement(Duration.ofSeconds(10));
    private long now = 5;

    private boolean elsewhere(int shard, String tenure) {
        return misplacement.answered(shard, tenure, false, now);
    }

    private void pass(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void aShardThatIsSaidToBeElsewhereForAllOfTheTimeIsMisplaced() {
        assertFalse(elsewhere(7, "held"));
        for (int second = 0; second < 9; second++) {
            pass(1);
            assertFalse(elsewhere(7, "held"));
        }
        pass(1);
        assertTrue(elsewhere(7, "held"));
        assertFalse(elsewhere(8, "held"), "another shard");
    }

    @Test
    void oneAnswerThatItBelongsHereEndsTheDoubt() {
        elsewhere(7, "held");
        pass(4);
        elsewhere(7, "held");
        pass(4);
        assertFalse(misplacement.answered(7, "held", true, now));
        pass(4);
        assertFalse(elsewhere(7, "held"));
    }

    @Test
    void whatWasSaidOfAnEarlierStayDoesNotCount() {
        elsewhere(7, "held in epoch 1");
        for (int i = 0; i < 3; i++) {
            pass(4);
            assertFalse(elsewhere(7, "held in epoch " + (2 + i)));
        }
    }

    @Test
    void aTimeWithoutAnswersDoesNotCount() {
        elsewhere(7, "held");
        pass(60);
        assertFalse(elsewhere(7, "held"));
    }
}
