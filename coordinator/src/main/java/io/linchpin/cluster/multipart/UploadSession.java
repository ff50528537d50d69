package io.linchpin.cluster.multipart;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.api.MultipartOutcome.OfComplete;
import io.linchpin.cluster.object.Delivery;
import io.linchpin.cluster.shard.OwnerCommand;
import io.linchpin.cluster.shard.OwnerContext;
import io.linchpin.cluster.shard.Question;
import io.linchpin.posix.PosixException;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.multipart.SentAttempt;
import io.linchpin.store.multipart.UploadDirectory;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;

/**
 * The session of one multipart upload: puts the committing of its parts, its completion and its end into one order. Its
 * state is on the disk; it does one thing at a time, the blocking part elsewhere, and what comes meanwhile waits.
 *
 * <pre>
 *   RECOVERING ──▶ IDLE ──▶ WORKING (commit parts | abort) ──▶ IDLE
 *       │           │
 *       │           └─────▶ COMPLETING: stage ──▶ with the owner ──▶ settle ──▶ IDLE
 *       │                                              ▲      │
 *       └──────────────────────────────────────────────┘      └─ no answer: asked again each second
 * </pre>
 */
public final class UploadSession extends AbstractBehavior<UploadSession.Message> {
    /** More requests than this wait at most; the next is refused. */
    static final int MAX_WAITING = 4096;

    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    /** All that a session gets: commands, and its own notes. */
    public sealed interface Message extends OwnerCommand {}

    /** What a session is told. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = CommitPart.class, name = "part"),
        @JsonSubTypes.Type(value = Complete.class, name = "complete"),
        @JsonSubTypes.Type(value = Abort.class, name = "abort"),
        @JsonSubTypes.Type(value = TakeUp.class, name = "takeup")
    })
    public sealed interface Command extends Message, Question {
        BucketName bucket();

        @Override
        ActorRef<MultipartOutcome> replyTo();
    }

    /** Commits a part whose record is prepared. Repeats do no harm. */
    public record CommitPart(BucketName bucket, PartNumber number, UploadId partId, ActorRef<MultipartOutcome> replyTo)
            implements Command {}

    /**
     * Completes the upload.
     *
     * @param listId names the list of parts that the request left in the upload's directory; repeats have the same
     */
    public record Complete(
            ObjectId object,
            UploadId listId,
            Preconditions preconditions,
            @Nullable Long objectSizeBytes,
            @Nullable Checksum checksum,
            ActorRef<MultipartOutcome> replyTo)
            implements Command {
        @Override
        public BucketName bucket() {
            return object.bucket();
        }
    }

    /** Ends the upload. */
    public record Abort(ObjectId object, ActorRef<MultipartOutcome> replyTo) implements Command {
        @Override
        public BucketName bucket() {
            return object.bucket();
        }
    }

    /** Brings a completion that another session has left to its end. Answered at once, by Unknown: no more than that it was heard. */
    public record TakeUp(BucketName bucket, ActorRef<MultipartOutcome> replyTo) implements Command {}

    /** A step has ended. Never leaves the actor's own node. */
    private record Then(Runnable next) implements Message {}

    private enum Tick implements Message {
        REST,
        ASK_AGAIN
    }

    /** Brings a mutation to its key's owner. */
    @FunctionalInterface
    public interface Courier {
        CompletionStage<Delivery> deliver(Mutation mutation, boolean resend);
    }

    private final OwnerContext owner;
    private final MultipartServices services;
    private final Courier courier;
    private final TimerScheduler<Message> timers;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final SessionFiles files;
    private final ArrayDeque<Command> waiting = new ArrayDeque<>();

    /** Whether marks of another session have been looked for; before a completion they are looked for again. */
    private boolean recovered;

    private boolean lookedBeforeCompletion;
    private boolean busy;

    /** The request being completed, and all who asked for the same. */
    private @Nullable Complete completing;

    private final List<ActorRef<MultipartOutcome>> askers = new ArrayList<>();
    private @Nullable SentAttempt unsettled;

    private UploadSession(
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            OwnerContext owner,
            MultipartServices services,
            Courier courier) {
        super(context);
        this.owner = owner;
        this.services = services;
        this.courier = courier;
        this.timers = timers;
        UploadId upload = new UploadId(owner.id().name());
        this.files = new SessionFiles(services, upload, stopped::get);
        context.setReceiveTimeout(IDLE, Tick.REST);
    }

    public static Behavior<Message> create(OwnerContext owner, MultipartServices services, Courier courier) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new UploadSession(context, timers, owner, services, courier)));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Message.class, this::on)
                .onSignal(PostStop.class, _ -> {
                    // Before its shard is given up, and so before the next session.
                    stopped.set(true);
                    return this;
                })
                .build();
    }

    private Behavior<Message> on(Message message) {
        switch (message) {
            case TakeUp takeUp -> takeUp(takeUp);
            case Command command -> enqueue(command);
            case Then(Runnable next) -> next.run();
            case Tick.REST -> rest();
            case Tick.ASK_AGAIN -> askAgain();
        }
        return this;
    }

    private void rest() {
        if (!busy && waiting.isEmpty()) {
            owner.keeper().tell(new ClusterSharding.Passivate<>(getContext().getSelf()));
        }
    }

    /** Where a step is under way this session has looked for what others have left, or is just doing so. */
    private void takeUp(TakeUp request) {
        request.replyTo().tell(new MultipartOutcome.Unknown());
        if (!busy) {
            run(() -> files.recover(request.bucket()), this::onRecovered, this::refuseAll);
        }
    }

    private void enqueue(Command command) {
        if (command instanceof Complete c && completing != null && c.listId().equals(completing.listId())) {
            askers.add(c.replyTo());
        } else if (waiting.size() >= MAX_WAITING) {
            command.replyTo().tell(new MultipartOutcome.Busy("too many requests of one upload"));
        } else {
            waiting.add(command);
            work();
        }
    }

    /** Starts the next step, if none is under way. */
    private void work() {
        Command first = waiting.peek();
        if (busy || first == null) {
            return;
        }
        if (!recovered || (first instanceof Complete && !lookedBeforeCompletion)) {
            BucketName bucket = first.bucket();
            run(() -> files.recover(bucket), this::onRecovered, this::refuseAll);
            return;
        }
        switch (first) {
            case CommitPart part -> commitParts(part.bucket());
            case Complete complete -> complete(complete);
            case TakeUp _ -> throw new IllegalStateException("never waits");
            case Abort abort -> {
                waiting.remove();
                run(
                        () -> files.abort(abort),
                        abort.replyTo()::tell,
                        failure -> abort.replyTo().tell(failed(failure)));
            }
        }
    }

    private void onRecovered(Optional<SentAttempt> left) {
        recovered = true;
        lookedBeforeCompletion = true;
        if (left.isPresent()) {
            send(left.get(), true);
        }
    }

    private void refuseAll(Throwable failure) {
        waiting.forEach(c -> c.replyTo().tell(failed(failure)));
        waiting.clear();
    }

    /** All parts at the queue's head, under one sync. */
    private void commitParts(BucketName bucket) {
        List<CommitPart> batch = new ArrayList<>();
        while (waiting.peek() instanceof CommitPart part && part.bucket().equals(bucket)) {
            batch.add(part);
            waiting.remove();
        }
        List<UploadDirectory.Prepared> prepared = batch.stream()
                .map(p -> new UploadDirectory.Prepared(p.number(), p.partId()))
                .toList();
        run(
                () -> files.commit(bucket, prepared),
                outcomes -> {
                    for (int i = 0; i < batch.size(); i++) {
                        batch.get(i).replyTo().tell(outcomes.get(i));
                    }
                },
                // Perhaps the records have their names, and perhaps a power cut takes them back.
                failure -> batch.forEach(p -> p.replyTo().tell(new MultipartOutcome.Unknown())));
    }

    private void complete(Complete request) {
        waiting.remove();
        lookedBeforeCompletion = false;
        completing = request;
        askers.add(request.replyTo());
        // The same request sent again while it waited.
        waiting.removeIf(c -> {
            boolean same = c instanceof Complete again && again.listId().equals(request.listId());
            if (same) {
                askers.add(c.replyTo());
            }
            return same;
        });
        run(() -> files.begin(request), this::step, failure -> answer(failed(failure)));
    }

    private void step(CompletionStep step) {
        switch (step) {
            case CompletionStep.Answer(OfComplete outcome) -> {
                unsettled = null;
                answer(outcome);
            }
            case CompletionStep.Ended(OfComplete outcome, BucketName bucket) -> {
                unsettled = null;
                answer(outcome);
                free(bucket);
            }
            case CompletionStep.Send(SentAttempt sent, boolean resend) -> send(sent, resend);
            case CompletionStep.AskAgain(SentAttempt sent) -> {
                busy = true;
                unsettled = sent;
                answer(new MultipartOutcome.Unknown());
                timers.startSingleTimer(Tick.ASK_AGAIN, Tick.ASK_AGAIN, ASK_AGAIN);
            }
        }
    }

    /** After the answer, for it takes as long as there are parts. What a failure leaves goes with the upload's record. */
    private void free(BucketName bucket) {
        run(
                () -> {
                    files.free(bucket);
                    return true;
                },
                _ -> {},
                failure -> getContext()
                        .getLog()
                        .warn("parts of upload {} stay", owner.id().name(), failure));
    }

    private void askAgain() {
        if (unsettled != null) {
            send(unsettled, true);
        }
    }

    /** Nothing else happens to the upload before this is settled. */
    private void send(SentAttempt sent, boolean resend) {
        busy = true;
        unsettled = sent;
        Mutation.Put put = sent.put();
        pipe(
                courier.deliver(put, resend),
                delivery -> run(() -> files.settle(sent, delivery), this::step, this::unsettled),
                this::unsettled);
    }

    /** The marks stay as they are: asked again, and by a later session too. */
    private void unsettled(Throwable failure) {
        getContext()
                .getLog()
                .warn("a completion of upload {} is not settled yet", owner.id().name(), failure);
        busy = true;
        answer(new MultipartOutcome.Unknown());
        timers.startSingleTimer(Tick.ASK_AGAIN, Tick.ASK_AGAIN, ASK_AGAIN);
    }

    private void answer(MultipartOutcome outcome) {
        askers.forEach(a -> a.tell(outcome));
        askers.clear();
        completing = null;
    }

    private MultipartOutcome.Failed failed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure;
        getContext().getLog().warn("upload {}: {}", owner.id().name(), cause.toString());
        return cause instanceof PosixException e
                ? new MultipartOutcome.Failed(e.errno(), e.call())
                : new MultipartOutcome.Failed(io.linchpin.posix.Errno.EIO, "multipart");
    }

    /** Runs a blocking step elsewhere; then one of the two continues here, and after it the next waiting request. */
    private <T> void run(Callable<T> step, Consumer<T> then, Consumer<Throwable> otherwise) {
        busy = true;
        pipe(
                CompletableFuture.supplyAsync(() -> call(step), services.blocking()),
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
