package io.linchpin.cluster.object;

import io.linchpin.cluster.api.Objects;
import io.linchpin.cluster.shard.NotHeardException;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.cluster.shard.Post;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * Brings mutations to the owners of their keys. One that is not answered is sent again under its id, soon where a node was
 * lost a moment ago, else now and then; the owner's shard knows repeats.
 *
 * <p>What is certain: a mutation was certainly not judged when every message that carried it was answered by Busy or
 * reached nobody. One message without an answer, and nobody can tell.
 */
public final class RoutedObjects implements Objects {
    /**
     * How patient a sender is.
     *
     * @param limit how long a sign of life is waited for: of the owner, or of who knows that its shard is moving
     * @param patience how long an answer is waited for, where the owner says that the disk is at work
     * @param tick how often to look whether to send again
     * @param resendAfter of an unanswered message, where no node was lost lately
     * @param maxInFlight of this node; one more is Busy at once
     */
    public record Settings(Duration limit, Duration patience, Duration tick, Duration resendAfter, int maxInFlight) {
        public static final Settings DEFAULT = new Settings(
                Duration.ofMillis(DEFAULT_ANSWER_LIMIT_MILLIS),
                Duration.ofMillis(DEFAULT_ANSWER_PATIENCE_MILLIS),
                Duration.ofMillis(200),
                Duration.ofSeconds(1),
                8192);
    }

    /** For so long after a loss every tick sends again. */
    private static final long LOSS_MATTERS_NANOS = 3_000_000_000L;

    /** Runs something later: the actor system's scheduler. */
    @FunctionalInterface
    public interface Timer {
        Cancellable after(Duration delay, Runnable run);
    }

    /**
     * Removes the staged pair of a mutation that will not be judged any more, unless it was: then a sidecar that was staged is
     * not there any more, and the data may be needed yet.
     */
    @FunctionalInterface
    public interface Discard {
        CompletionStage<?> pairOf(Mutation.Put put);
    }

    private final Post post;
    private final Timer timer;
    private final LongSupplier bootNanos;
    private final Settings settings;
    private final Discard discard;
    private final LeftPairs left;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile long lostAtNanos;
    private volatile boolean lostAny;

    /**
     * Over the cluster's owners.
     *
     * @param discard of pairs whose mutation {@link #mutate} gives back as Busy, or that turn out not to have been judged later
     * @param bootNanos CLOCK_BOOTTIME, as the mutations' deadlines have it
     */
    public RoutedObjects(Post post, Timer timer, LongSupplier bootNanos, Settings settings, Discard discard) {
        this.post = post;
        this.timer = timer;
        this.bootNanos = bootNanos;
        this.settings = settings;
        this.discard = discard;
        this.left = new LeftPairs(post, timer, bootNanos, discard);
    }

    /** A node was lost just now: what it had been sent goes to others soon. */
    public void nodeLost() {
        lostAtNanos = bootNanos.getAsLong();
        lostAny = true;
    }

    @Override
    public CompletionStage<Outcome> mutate(Mutation mutation) {
        return deliver(mutation, false, true).thenCompose(delivery -> {
            Outcome outcome = delivery.outcome();
            return outcome instanceof Outcome.Busy && mutation instanceof Mutation.Put put
                    ? discard.pairOf(put).<Outcome>handle((_, _) -> outcome)
                    : CompletableFuture.completedFuture(outcome);
        });
    }

    /**
     * {@link #mutate}, and whether an owner answered; the pair of a mutation that was Busy is the caller's again.
     *
     * @param resend whether the mutation may have been sent before, by whomever
     */
    public CompletionStage<Delivery> deliver(Mutation mutation, boolean resend) {
        return deliver(mutation, resend, false);
    }

    private CompletionStage<Delivery> deliver(Mutation mutation, boolean resend, boolean ownsPair) {
        if (inFlight.get() >= settings.maxInFlight()) {
            Outcome busy = resend
                    ? new Outcome.Unknown()
                    : new Outcome.Busy(Outcome.Wait.LOAD, "too many mutations in flight");
            // Nobody was asked, so nobody has refused it.
            return CompletableFuture.completedFuture(new Delivery(busy, false, false));
        }
        inFlight.incrementAndGet();
        Sending sending = new Sending(mutation, resend, ownsPair);
        sending.start();
        return sending.result.whenComplete((_, _) -> inFlight.decrementAndGet());
    }

    /** One mutation on its way. Guarded by itself. */
    private final class Sending {
        private final CompletableFuture<Delivery> result = new CompletableFuture<>();
        private final Mutation mutation;
        private final OwnerId owner;
        private final boolean ownsPair;
        private final long patienceEndsNanos;
        private long limitAtNanos;
        private boolean uncertain;
        private int unanswered;
        private long sentAtNanos;
        private boolean refused;
        private boolean tooLate;
        private Outcome.Busy busy = new Outcome.Busy(Outcome.Wait.CHANGE, "no owner answered");
        private @Nullable Cancellable tick;

        Sending(Mutation mutation, boolean resend, boolean ownsPair) {
            this.mutation = mutation;
            this.ownsPair = ownsPair;
            this.owner = OwnerId.of(mutation.object());
            this.uncertain = resend;
            long now = bootNanos.getAsLong();
            this.limitAtNanos = now + settings.limit().toNanos();
            this.patienceEndsNanos = now + settings.patience().toNanos();
        }

        synchronized void start() {
            send();
            schedule();
        }

        private void send() {
            sentAtNanos = bootNanos.getAsLong();
            boolean resend = uncertain || unanswered > 0;
            if (resend) {
                closeOpen();
            }
            unanswered++;
            Duration left = Duration.ofNanos(Math.max(1_000_000, patienceEndsNanos - sentAtNanos) + 1_000_000_000L);
            BiConsumer<ObjectOwner.@Nullable Answer, @Nullable Throwable> then = this::answered;
            var _ = post.<ObjectOwner.Answer>ask(
                            owner, replyTo -> new ObjectOwner.Mutate(mutation, resend, replyTo), left)
                    .whenComplete(then);
        }

        /** What is open of the pair goes with a message that is the only one: who hears a repeat looks at the files. */
        private void closeOpen() {
            if (mutation instanceof Mutation.Put put && put.open() != null) {
                put.open().close();
            }
        }

        private void schedule() {
            tick = timer.after(settings.tick(), this::tick);
        }

        private synchronized void tick() {
            if (result.isDone()) {
                return;
            }
            long now = bootNanos.getAsLong();
            if (now >= limitAtNanos) {
                boolean unknown = uncertain || unanswered > 0;
                finish(unknown ? new Outcome.Unknown() : busy, false);
                if (unknown && ownsPair && mutation instanceof Mutation.Put put) {
                    left.add(put);
                }
                return;
            }
            boolean lost = lostAny && now - lostAtNanos < LOSS_MATTERS_NANOS;
            if (unanswered == 0
                    || lost
                    || now - sentAtNanos >= settings.resendAfter().toNanos()) {
                send();
            }
            schedule();
        }

        private synchronized void answered(ObjectOwner.@Nullable Answer answer, @Nullable Throwable failure) {
            if (NotHeardException.is(failure)) {
                answered(new Outcome.Busy(Outcome.Wait.CHANGE, "its shard is moving"));
            } else if (answer instanceof ObjectOwner.Told(Outcome outcome)) {
                refused = outcome instanceof Outcome.Busy;
                answered(outcome);
            } else if (answer instanceof ObjectOwner.UnderWay) {
                unanswered--;
                uncertain = true;
                refused = false;
                heardUntil(patienceEndsNanos);
            }
            // Else no answer to this message: it stays unanswered for ever.
        }

        private void answered(Outcome outcome) {
            if (result.isDone()) {
                late(outcome);
                return;
            }
            unanswered--;
            if (outcome instanceof Outcome.Unknown && !uncertain && !(mutation instanceof Mutation.Put)) {
                // An owner that has not judged it and cannot say whether an earlier one has: the earlier messages tell.
                return;
            }
            if (!(outcome instanceof Outcome.Busy refusal)) {
                finish(outcome, true);
                return;
            }
            busy = refusal;
            tooLate |= refusal.until() == Outcome.Wait.NOTHING;
            if (refusal.until() == Outcome.Wait.CHANGE) {
                heardUntil(Math.min(mutation.deadlineBootNanos(), patienceEndsNanos));
            }
            boolean last =
                    refusal.until() != Outcome.Wait.CHANGE || bootNanos.getAsLong() >= mutation.deadlineBootNanos();
            if (last && !uncertain && unanswered == 0) {
                finish(outcome, true);
            }
            // Otherwise its shard is moving, or another message of it may have been heard: the next tick sends again.
        }

        /** A sign of life: from now on the next is waited for, but not beyond. */
        private void heardUntil(long lastNanos) {
            long next = Math.min(bootNanos.getAsLong() + settings.limit().toNanos(), lastNanos);
            limitAtNanos = Math.max(limitAtNanos, next);
        }

        /** The sender was told, and cannot be told otherwise. Where in the end nobody has judged it, the pair is nobody's. */
        private void late(Outcome outcome) {
            unanswered--;
            uncertain |= !(outcome instanceof Outcome.Busy);
            if (unanswered == 0 && !uncertain && ownsPair && mutation instanceof Mutation.Put put) {
                var _ = discard.pairOf(put);
            }
        }

        private void finish(Outcome outcome, boolean answered) {
            if (tick != null) {
                tick.cancel();
            }
            result.complete(new Delivery(outcome, answered, refused, tooLate));
        }
    }
}
