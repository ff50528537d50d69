package io.linchpin.cluster.shard;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Asks an owner again and again until it answers: a message may be lost while a shard moves. What may not be asked twice has
 * the same {@code every} and {@code limit}: then only a question that certainly reached nobody is asked again.
 *
 * @param every how long one answer is waited for
 * @param limit then the stage fails with {@link TimeoutException}
 */
public record RepeatedAsk(Post post, Duration every, Duration limit) {
    /** After a question that was lost at once: its shard is moving. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Executor PAUSED = CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);

    /** The first answer. */
    public <R> CompletionStage<R> ask(OwnerId id, Function<ActorRef<R>, Question> question) {
        return again(id, question, limit);
    }

    private <R> CompletionStage<R> again(OwnerId id, Function<ActorRef<R>, Question> question, Duration left) {
        if (left.isNegative() || left.isZero()) {
            return CompletableFuture.failedFuture(new TimeoutException(id + " does not answer"));
        }
        // A slow owner answers each question; the answers to those given up are lost.
        return post.<R>ask(id, question, every)
                .handle((answer, failure) -> {
                    if (answer != null) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    return NotHeardException.is(failure)
                            ? CompletableFuture.runAsync(() -> {}, PAUSED)
                                    .thenCompose(_ -> this.<R>again(id, question, left.minus(PAUSE)))
                            : this.<R>again(id, question, left.minus(every));
                })
                .thenCompose(Function.identity());
    }
}
