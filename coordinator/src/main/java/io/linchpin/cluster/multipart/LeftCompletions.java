package io.linchpin.cluster.multipart;

import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.membership.Oldest;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.cluster.shard.Post;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.multipart.UploadStore.Unsettled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;

/**
 * Has completions taken up whose session is gone, with its node or to another: without a session nobody asks what became of
 * one until its client does. Looked for often for a while after a start and after the loss of a node, for owners remember their
 * answers for 20 s only; else now and then. Every node has one, and only that of the oldest member acts. A session that is at
 * its completion itself is told in vain, which does no harm.
 */
public final class LeftCompletions {
    /** The end of a look and the next, after a loss. */
    private static final Duration SOON = Duration.ofSeconds(2);

    /** As long as sharding may take to give the dead node's sessions to others, and more. */
    private static final int LOOKS_AFTER_A_LOSS = 20;

    private static final Duration ELSE = Duration.ofMinutes(2);
    private static final Duration HEARD_WITHIN = Duration.ofSeconds(5);

    /** So many are told in one look; the rest in the next. */
    private static final int MOST_TOLD = 256;

    /** What it is told: by itself, or that a node is gone. */
    public sealed interface Command {}

    /** A member goes down or leaves. */
    public enum Loss implements Command {
        HEARD
    }

    private enum Tick implements Command {
        NOW
    }

    private record Looked(@Nullable Integer left, @Nullable Throwable failure) implements Command {}

    private final UploadStore store;
    private final Post post;
    private final Executor blocking;
    private int soon = LOOKS_AFTER_A_LOSS;
    private boolean looking;

    private LeftCompletions(UploadStore store, Post post, Executor blocking) {
        this.store = store;
        this.post = post;
        this.blocking = blocking;
    }

    public static Behavior<Command> create(UploadStore store, Post post, Executor blocking) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            LeftCompletions left = new LeftCompletions(store, post, blocking);
            left.next(timers);
            return Behaviors.receiveMessage(command -> {
                left.on(context, timers, command);
                return Behaviors.same();
            });
        }));
    }

    private void on(ActorContext<Command> context, TimerScheduler<Command> timers, Command command) {
        switch (command) {
            case Loss _ -> {
                soon = LOOKS_AFTER_A_LOSS;
                if (!looking) {
                    next(timers);
                }
            }
            case Tick _ -> {
                soon = Math.max(0, soon - 1);
                if (Oldest.isSelf(Cluster.get(context.getSystem()))) {
                    looking = true;
                    context.pipeToSelf(look(store, post, blocking), Looked::new);
                } else {
                    next(timers);
                }
            }
            case Looked(Integer left, Throwable failure) -> {
                looking = false;
                if (failure != null) {
                    context.getLog().warn("completions that may have been left are looked for later", failure);
                } else if (left != null && left > 0) {
                    context.getLog().info("completions that are not settled: {}", left);
                    soon = Math.max(soon, 1);
                }
                next(timers);
            }
        }
    }

    private void next(TimerScheduler<Command> timers) {
        timers.startSingleTimer(Tick.NOW, Tick.NOW, soon > 0 ? SOON : ELSE);
    }

    /** Looks once, elsewhere, and tells the sessions; how many completions are not settled. */
    public static CompletionStage<Integer> look(UploadStore store, Post post, Executor blocking) {
        return CompletableFuture.supplyAsync(() -> unsettled(store), blocking).thenApply(left -> {
            left.stream().limit(MOST_TOLD).forEach(each -> tell(post, each));
            return left.size();
        });
    }

    private static List<Unsettled> unsettled(UploadStore store) {
        try {
            return store.unsettled();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is not heard is told again by the next look. */
    private static void tell(Post post, Unsettled left) {
        var _ = post.<MultipartOutcome>ask(
                OwnerId.of(left.upload()), replyTo -> new UploadSession.TakeUp(left.bucket(), replyTo), HEARD_WITHIN);
    }
}
