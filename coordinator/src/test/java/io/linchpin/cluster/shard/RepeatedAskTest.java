package io.linchpin.cluster.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** By a clock and a post that the test holds. */
class RepeatedAskTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<Duration> waits = new ArrayList<>();
    private long nowNanos;

    /** Each question is dropped, or not answered, so long after it was put. */
    private Post failing(Duration after, Exception failure) {
        return new Post() {
            @Override
            public <R> CompletionStage<R> ask(OwnerId id, Function<ActorRef<R>, Question> question, Duration timeout) {
                waits.add(timeout);
                nowNanos += after.toNanos();
                return CompletableFuture.failedFuture(failure);
            }
        };
    }

    private void assertTimeout(RepeatedAsk ask) {
        CompletableFuture<ShardAgent.Drained> answer = ask.<ShardAgent.Drained>ask(
                        OwnerId.ofShard(3), ShardAgent.Drain::new)
                .toCompletableFuture();
        ExecutionException failed = assertThrows(ExecutionException.class, () -> answer.get(20, TimeUnit.SECONDS));
        assertInstanceOf(TimeoutException.class, failed.getCause());
    }

    @Test
    void whatIsDroppedAfterAWhileCountsForAsLong() {
        Post post = failing(Duration.ofMillis(900), new NotHeardException("its shard is moving"));
        assertTimeout(new RepeatedAsk(post, SECOND, Duration.ofSeconds(3), () -> nowNanos));
        assertEquals(List.of(SECOND, SECOND, SECOND), waits);
    }

    @Test
    void whatMayNotBeAskedTwiceIsNot() {
        Duration limit = Duration.ofSeconds(15);
        assertTimeout(new RepeatedAsk(failing(limit, new TimeoutException()), limit, limit, () -> nowNanos));
        assertEquals(List.of(limit), waits);
    }

    @Test
    void unlessItReachedNobodyAndThenForTheRestOfTheTime() {
        Duration limit = Duration.ofSeconds(15);
        Post dropping = failing(Duration.ofMillis(7900), new NotHeardException("its shard is moving"));
        assertTimeout(new RepeatedAsk(dropping, limit, limit, () -> nowNanos));
        assertEquals(List.of(limit, Duration.ofSeconds(7)), waits);
    }
}
