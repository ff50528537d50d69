package io.linchpin.cluster.shard;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/** Questions to owners: {@link Owners#ask}, or a test's way to the same. */
public interface Post {
    /**
     * Asks once. Fails with {@link NotHeardException} where the question certainly reached nobody, and with {@link
     * java.util.concurrent.TimeoutException} where no answer came in time.
     */
    <R> CompletionStage<R> ask(OwnerId id, Function<ActorRef<R>, Question> question, Duration timeout);
}
