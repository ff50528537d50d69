package io.linchpin.cluster.shard;

import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.commit.ShardShutException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of one shard: its file's kernel lock, taken over and replayed.
 *
 * <pre>
 *            acquire                 lock had, replayed
 *   FREE ──────────────▶ ACQUIRING ─────────────────────▶ HELD
 *    ▲                       │                              │
 *    └───────────────────────┴──────────────────────────────┘
 *        release: closes the gate in the call; drain, checkpoint and unlock follow on a thread of their own
 * </pre>
 *
 * Pekko calls {@link #release} when a shard has stopped and does not wait for it, and uses this same object again when
 * the shard returns: so FREE may be entered while the last tenure is still being wound up. A new {@link #acquire} waits
 * for that like for any other process, for the kernel lock is held until the very end.
 *
 * <p>A held lease is never lost: the kernel drops the lock with the process and not before. So the callback for a lost
 * lease is never called; a broken invariant stops the process instead. The owner's name, which stays the same from one
 * tenure to the next, decides nothing.
 */
public final class ShardLease extends Lease {
    private static final Logger LOG = LoggerFactory.getLogger(ShardLease.class);
    private static final String NAME_INFIX = "-shard-" + OwnerSharding.TYPE_NAME + "-";

    /** How soon to look again whether another process has let go of the lock. */
    private static final long POLL_MILLIS = 25;

    /** How soon to try again where the shard could not be taken. */
    private static final long TROUBLE_POLL_MILLIS = 500;

    /** How soon to go on where a key cannot be put in place. */
    private static final long SHUT_POLL_MILLIS = 1000;

    private final LeaseSettings settings;
    private final ShardSetup setup;
    private final int shard;

    private State state = new Free();

    private sealed interface State {}

    private record Free() implements State {}

    private record Acquiring(CompletableFuture<Boolean> acquired, CompletableFuture<Boolean> released)
            implements State {}

    private record Held(OwnedShard shard) implements State {}

    /** Called by Pekko, possibly more than once a lease: does nothing but remember. */
    public ShardLease(LeaseSettings settings, ExtendedActorSystem system) {
        this(
                settings,
                system.settings()
                        .setup()
                        .get(ShardSetup.class)
                        .orElseThrow(() -> new IllegalStateException("the actor system was made without ShardSetup")));
    }

    ShardLease(LeaseSettings settings, ShardSetup setup) {
        this.settings = settings;
        this.setup = setup;
        this.shard = shardOf(settings.leaseName());
    }

    private static int shardOf(String leaseName) {
        int infix = leaseName.lastIndexOf(NAME_INFIX);
        if (infix < 0) {
            throw new IllegalArgumentException("not the lease of an owner's shard: " + leaseName);
        }
        return Integer.parseInt(leaseName.substring(infix + NAME_INFIX.length()));
    }

    @Override
    public LeaseSettings getSettings() {
        return settings;
    }

    @Override
    public CompletionStage<Boolean> acquire() {
        return acquire(lost -> {});
    }

    /** Completes true when the lock is had and the shard replayed; false when {@link #release} came first. */
    @Override
    public synchronized CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> lost) {
        return switch (state) {
            case Held _ -> CompletableFuture.completedFuture(true);
            case Acquiring pending -> pending.acquired();
            case Free _ -> {
                Acquiring attempt = new Acquiring(new CompletableFuture<>(), new CompletableFuture<>());
                state = attempt;
                soon(attempt, () -> attempt(attempt), 0);
                yield attempt.acquired();
            }
        };
    }

    private void soon(Acquiring attempt, Runnable next, long delayMillis) {
        try {
            var _ = setup.takers().schedule(next, delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The node is closing: nobody waits for a shard any more.
            attempt.acquired().complete(false);
            attempt.released().complete(true);
        }
    }

    private interface Try {
        Optional<OwnedShard> run() throws IOException;
    }

    /** Runs on a taker. Blocks for the take-over. */
    private void attempt(Acquiring attempt) {
        if (isCurrent(attempt)) {
            take(attempt, () -> setup.store().tryTake(shard));
        } else {
            attempt.released().complete(true);
        }
    }

    private void take(Acquiring attempt, Try next) {
        try {
            Optional<OwnedShard> taken = next.run();
            if (taken.isEmpty()) {
                refused(attempt);
                soon(attempt, () -> attempt(attempt), POLL_MILLIS);
            } else {
                setup.noTrouble(shard);
                setup.waits().over(shard);
                had(attempt, taken.get());
            }
        } catch (ShardShutException e) {
            // The store has told. Gone on with also after a release: the lock is had, and free only once the shard
            // was given up. Between tries the taker is others': a few such shards would keep all others shut.
            troubled(attempt, e);
            soon(attempt, () -> take(attempt, () -> Optional.of(e.tryAgain())), SHUT_POLL_MILLIS);
        } catch (IOException e) {
            LOG.error("cannot take shard {}", shard, e);
            troubled(attempt, e);
            soon(attempt, () -> attempt(attempt), TROUBLE_POLL_MILLIS);
        } catch (RuntimeException | Error e) {
            setup.fatal().stop("taking shard " + shard + " broke an invariant", e);
        }
    }

    private void refused(Acquiring attempt) {
        boolean look;
        synchronized (this) {
            // Noted after a release it would stay noted.
            look = isCurrent(attempt) && setup.waits().refused(shard);
        }
        if (look) {
            setup.waits().look(shard);
        }
    }

    /** Of a shard that is not wanted here any more nothing is told. */
    private synchronized void troubled(Acquiring attempt, IOException e) {
        if (isCurrent(attempt)) {
            setup.trouble(shard, String.valueOf(e.getMessage()));
        }
    }

    private synchronized boolean isCurrent(Acquiring attempt) {
        return attempt.equals(state);
    }

    private void had(Acquiring attempt, OwnedShard taken) {
        synchronized (this) {
            if (attempt.equals(state)) {
                setup.owned().add(taken);
                state = new Held(taken);
                attempt.acquired().complete(true);
                return;
            }
        }
        // Released while it was being taken: nobody has been told, and nobody will be.
        giveUp(taken, attempt.released());
    }

    /** True at once in the call: no new mutation is judged. The result completes when the lock is free. */
    @Override
    public CompletionStage<Boolean> release() {
        State before;
        synchronized (this) {
            before = state;
            state = new Free();
            setup.waits().over(shard);
            setup.noTrouble(shard);
            if (before instanceof Held(OwnedShard held)) {
                setup.owned().remove(held);
                held.closeGate();
            }
        }
        return switch (before) {
            case Free _ -> CompletableFuture.completedFuture(true);
            case Acquiring(var acquired, var released) -> {
                setup.releasing(released);
                acquired.complete(false);
                yield released;
            }
            case Held(OwnedShard held) -> {
                CompletableFuture<Boolean> released = new CompletableFuture<>();
                setup.releasing(released);
                // At most one thread a shard: none waits for another shard's drain.
                Thread _ = Thread.ofPlatform().name("shard-giver-" + shard).start(() -> giveUp(held, released));
                yield released;
            }
        };
    }

    private void giveUp(OwnedShard held, CompletableFuture<Boolean> released) {
        try {
            held.giveUp();
            released.complete(true);
        } catch (IOException | RuntimeException | Error e) {
            setup.fatal().stop("shard " + shard + " could not be given up", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            setup.fatal().stop("interrupted while giving up shard " + shard, e);
        }
    }

    @Override
    public synchronized boolean checkLease() {
        return state instanceof Held;
    }

    @Override
    public synchronized String toString() {
        return "lease of shard " + shard + " (" + state.getClass().getSimpleName() + ")";
    }
}
