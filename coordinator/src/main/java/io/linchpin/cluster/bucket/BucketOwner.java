package io.linchpin.cluster.bucket;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linchpin.cluster.api.BucketOutcome;
import io.linchpin.cluster.shard.OwnerCommand;
import io.linchpin.cluster.shard.OwnerContext;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.cluster.shard.Post;
import io.linchpin.cluster.shard.Question;
import io.linchpin.cluster.shard.RepeatedAsk;
import io.linchpin.cluster.shard.ShardAgent;
import io.linchpin.cluster.shard.ShardAgent.Drained;
import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.value.BucketName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;

/**
 * The owner of one bucket: one creation or deletion at a time, the blocking part elsewhere.
 *
 * <p>A deletion: the intent is written; from then on nothing more is judged for the bucket, for owners look at its state at
 * each judging; every shard's agent waits for what was judged before and acknowledges with its shard's epoch; the
 * directories go. Whatever else happens, the bucket is open again.
 *
 * <p>Asked to stop it ends what it is at, which takes no longer than the draining and one step.
 */
public final class BucketOwner extends AbstractBehavior<BucketOwner.Message> {
    static final int MAX_WAITING = 256;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration DRAIN_EVERY = Duration.ofSeconds(1);

    /** Shorter than what an owner that is asked to stop has left: if not every shard drains, the bucket is to be opened again. */
    public static final Duration DRAIN_LIMIT = Duration.ofSeconds(4);

    /** All that an owner gets: commands, and its own notes. */
    public sealed interface Message extends OwnerCommand {}

    /** What an owner is told. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Create.class, name = "create"),
        @JsonSubTypes.Type(value = Delete.class, name = "delete")
    })
    public sealed interface Command extends Message, Question {
        @Override
        ActorRef<BucketOutcome> replyTo();
    }

    /**
     * Makes the bucket.
     *
     * @param region the LocationConstraint, or empty
     */
    public record Create(String region, ActorRef<BucketOutcome> replyTo) implements Command {}

    /** Removes the bucket. */
    public record Delete(ActorRef<BucketOutcome> replyTo) implements Command {}

    /** A step has ended. Never leaves the actor's own node. */
    private record Then(Runnable next) implements Message {}

    private enum Tick implements Message {
        REST
    }

    /** Begin nothing more, and stop. */
    public enum Stop implements Message {
        NOW
    }

    private final OwnerContext owner;
    private final BucketName name;
    private final BucketFiles files;
    private final Executor blocking;
    private final RepeatedAsk drains;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final ArrayDeque<Command> waiting = new ArrayDeque<>();
    private boolean recovered;
    private boolean busy;
    private boolean stopping;

    /** Whose answer the step under way owes. */
    private @Nullable Command current;

    private BucketOwner(
            ActorContext<Message> context, OwnerContext owner, BucketFiles files, Post post, Executor blocking) {
        super(context);
        this.owner = owner;
        this.name = new BucketName(owner.id().name());
        this.files = files;
        this.blocking = blocking;
        this.drains = new RepeatedAsk(post, DRAIN_EVERY, DRAIN_LIMIT);
        context.setReceiveTimeout(IDLE, Tick.REST);
    }

    public static Behavior<Message> create(OwnerContext owner, BucketFiles files, Post post, Executor blocking) {
        return Behaviors.setup(context -> new BucketOwner(context, owner, files, post, blocking));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Message.class, this::on)
                .onSignal(PostStop.class, _ -> {
                    stopped.set(true);
                    refuseWaiting();
                    if (current != null) {
                        // The step under way may still be done. ClosingBuckets takes a deletion back that was cut
                        // short.
                        current.replyTo().tell(new BucketOutcome.Unknown());
                    }
                    return this;
                })
                .build();
    }

    private Behavior<Message> on(Message message) {
        switch (message) {
            case Command command -> enqueue(command);
            case Then(Runnable next) -> next.run();
            case Stop.NOW -> stopping = true;
            case Tick.REST -> {
                if (!busy && waiting.isEmpty()) {
                    owner.keeper()
                            .tell(new ClusterSharding.Passivate<>(getContext().getSelf()));
                }
            }
        }
        return stopping && !busy ? Behaviors.stopped() : this;
    }

    private void refuseWaiting() {
        waiting.forEach(c -> c.replyTo().tell(new BucketOutcome.Busy("the bucket's owner is moving")));
        waiting.clear();
    }

    private void answer(BucketOutcome outcome) {
        Command answered = Objects.requireNonNull(current);
        current = null;
        answered.replyTo().tell(outcome);
    }

    private void enqueue(Command command) {
        if (waiting.size() >= MAX_WAITING) {
            command.replyTo().tell(new BucketOutcome.Busy("too many changes of one bucket"));
            return;
        }
        waiting.add(command);
        work();
    }

    private void work() {
        Command first = waiting.peek();
        if (busy || stopping || first == null) {
            return;
        }
        if (!recovered) {
            run(() -> files.recover(name, stopped::get), _ -> recovered = true, failure -> {
                waiting.forEach(c -> c.replyTo().tell(failed(failure)));
                waiting.clear();
            });
            return;
        }
        waiting.remove();
        current = first;
        Consumer<Throwable> otherwise = failure -> answer(failed(failure));
        switch (first) {
            case Create create -> run(() -> files.create(name, create.region(), stopped::get), this::answer, otherwise);
            case Delete _ ->
                run(
                        () -> files.close(name, stopped::get),
                        closing -> {
                            switch (closing) {
                                case BucketFiles.Closing.Refused(var outcome) -> answer(outcome);
                                case BucketFiles.Closing.Begun(BucketState state) -> drain(state);
                            }
                        },
                        otherwise);
        }
    }

    private void drain(BucketState closing) {
        busy = true;
        List<CompletableFuture<Drained>> asked = new ArrayList<>();
        for (int shard = 0; shard < files.shards(); shard++) {
            asked.add(drains.<Drained>ask(OwnerId.ofShard(shard), ShardAgent.Drain::new)
                    .toCompletableFuture());
        }
        CompletionStage<List<Drained>> all = CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(_ -> asked.stream().map(CompletableFuture::join).toList());
        pipe(all, drained -> remove(closing, drained), failure -> {
            getContext().getLog().info("bucket {} stays: not every shard drained in time", name, failure);
            remove(closing, List.of());
        });
    }

    private void remove(BucketState closing, List<Drained> drained) {
        run(() -> files.remove(closing, drained, stopped::get), this::answer, failure -> {
            // Perhaps it is closing still: the next step takes that back first.
            recovered = false;
            answer(new BucketOutcome.Unknown());
            getContext().getLog().warn("bucket {} could not be removed", name, failure);
        });
    }

    private BucketOutcome failed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure;
        recovered = false;
        getContext().getLog().warn("bucket {}: {}", name, cause.toString());
        return cause instanceof PosixException e
                ? new BucketOutcome.Failed(e.errno(), e.call())
                : new BucketOutcome.Failed(Errno.EIO, "bucket");
    }

    private <T> void run(Callable<T> step, Consumer<T> then, Consumer<Throwable> otherwise) {
        busy = true;
        pipe(
                CompletableFuture.supplyAsync(() -> call(step), blocking),
                value -> {
                    busy = false;
                    then.accept(value);
                    work();
                },
                failure -> {
                    busy = false;
                    otherwise.accept(failure);
                    work();
                });
    }

    private <T> void pipe(CompletionStage<T> stage, Consumer<T> then, Consumer<Throwable> otherwise) {
        getContext()
                .pipeToSelf(
                        stage,
                        (value, failure) ->
                                new Then(failure == null ? () -> then.accept(value) : () -> otherwise.accept(failure)));
    }

    private static <T> T call(Callable<T> step) {
        try {
            return step.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
