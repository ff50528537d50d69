package io.linchpin.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.cluster.shard.ShardAgent;
import io.linchpin.store.value.Incarnation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServedShardsTest {
    private static final Incarnation A = Incarnation.of(0, 1);
    private static final Incarnation B = Incarnation.of(1, 1);

    private long now = 1_000;
    private final ServedShards shards = new ServedShards(3, now);

    private void answer(int shard, long epoch, Incarnation by) {
        shards.answered(new ShardAgent.Serving(shard, epoch, by, 0), now);
    }

    private void pass(Duration span) {
        now += span.toNanos();
    }

    @Test
    void allAreAskedAtOnceAndThenTheUnservedAgain() {
        assertEquals(List.of(0, 1, 2), shards.ask(now));
        assertEquals(List.of(), shards.ask(now));
        answer(0, 1, A);
        answer(2, 1, B);
        pass(Duration.ofMillis(250));
        assertEquals(List.of(1), shards.ask(now));
        assertEquals("{1}", shards.unserved().toString());
        answer(1, 1, A);
        assertTrue(shards.unserved().isEmpty());
    }

    @Test
    void anUnservedShardIsAskedLessAndLessOftenSoThatQuestionsDoNotPileUp() {
        int asked = 0;
        for (int tick = 0; tick < 600; tick++) {
            asked += shards.ask(now).size();
            pass(Duration.ofMillis(100));
        }
        assertTrue(asked < 3 * 22, "questions in a minute: " + asked);
    }

    @Test
    void theShardsOfANodeThatIsNoMemberAnyMoreAreUnservedAndAskedAtOnce() {
        shards.ask(now);
        answer(0, 1, A);
        answer(1, 1, A);
        answer(2, 1, B);
        shards.membersAre(Set.of(B), now);
        assertEquals("{0, 1}", shards.unserved().toString());
        assertEquals(List.of(0, 1), shards.ask(now));
    }

    @Test
    void aShardThatFallsSilentIsUnserved() {
        shards.ask(now);
        for (int shard = 0; shard < 3; shard++) {
            answer(shard, 1, A);
        }
        pass(Duration.ofSeconds(2));
        assertEquals(List.of(0, 1, 2), shards.ask(now));
        answer(0, 1, A);
        answer(1, 1, A);
        pass(Duration.ofMillis(1_001));
        assertEquals(List.of(2), shards.ask(now));
        assertEquals("{2}", shards.unserved().toString());
    }

    @Test
    void anAnswerOfAnEarlierTenureDoesNotHideTheLaterOne() {
        answer(0, 5, B);
        answer(0, 4, A);
        assertEquals(B.value(), shards.status().get(0).owner());
        assertEquals(5, shards.status().get(0).epoch());
    }
}
