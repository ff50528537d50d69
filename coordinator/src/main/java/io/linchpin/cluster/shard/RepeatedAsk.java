package io.linchpin.cluster.shard;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Asks an owner again and again until it answers: a message may be lost while a shard moves. What may not be asked twice has
 * the same {@code every} and {@code limit}: then only a question that certainly reached nobody is asked again.
 *
 * @param every how long one answer is waited for
 * @param limit then the stage fails with {@link TimeoutException}
 * @param nanos a clock that only goes forward
 */
public record RepeatedAsk(Post post, Duration every, Duration limit, LongSupplier nanos) {
    /** After a question that was lost at once: its shard is moving. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Executor PAUSED = CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);

    public RepeatedAsk(Post post, Duration every, Duration limit) {
        this(post, every, limit, System::nanoTime);
    }

    /** The first answer. */
    public <R> CompletionStage<R> ask(OwnerId id, Function<ActorRef<R>, Question> question) {
        return again(id, question, limit);
    }

    private <R> CompletionStage<R> again(OwnerId id, Function<ActorRef<R>, Question> question, Duration left) {
        if (left.isNegative() || left.isZero()) {
            return CompletableFuture.failedFuture(new TimeoutException(id + " does not answer"));
        }
        long asked = nanos.getAsLong();
        // A slow owner answers each question; the answers to those given up are lost.
        return post.<R>ask(id, question, every.compareTo(left) < 0 ? every : left)
                .handle((answer, failure) -> {
                    if (answer != null) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    if (!NotHeardException.is(failure)) {
                        return this.<R>again(id, question, left.minus(every));
                    }
                    // It may have waited for long where its shard was to be, before it was dropped there.
                    Duration over = PAUSE.plusNanos(nanos.getAsLong() - asked);
                    return CompletableFuture.runAsync(() -> {}, PAUSED)
                            .thenCompose(_ -> this.<R>again(id, question, left.minus(over)));
                })
                .thenCompose(Function.identity());
    }
}
