package io.linchpin.cluster.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.commit.ShardShutException;
import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.TimeoutSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every wait is for an event, with a limit that only a broken lease meets. */
class ShardLeaseTest {
    private static final int SHARD = 12;

    private final Store store = new Store();
    private final OwnedShards owned = new OwnedShards();
    private final CompletableFuture<String> fatal = new CompletableFuture<>();
    private final AtomicLong nanos = new AtomicLong();
    private final LongWaits waits =
            new LongWaits(Duration.ofSeconds(10), nanos::get, number -> "somebody holds " + number);
    private final ShardSetup setup = new ShardSetup(store, owned, (why, cause) -> fatal.complete(why), waits, 2);
    private final ShardLease lease = new ShardLease(
            new LeaseSettings(
                    "linchpin-shard-owner-" + SHARD,
                    "127.0.0.1:4711",
                    new TimeoutSettings(seconds(), seconds(), seconds()),
                    ConfigFactory.empty()),
            setup);

    private static scala.concurrent.duration.FiniteDuration seconds() {
        return scala.concurrent.duration.Duration.create(5, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        setup.close();
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void acquiredMeansTakenAndInTheRegistry() throws Exception {
        assertTrue(await(lease.acquire()));
        assertTrue(lease.checkLease());
        assertTrue(owned.find(SHARD).isPresent());
        assertTrue(await(lease.acquire()), "held is held");
        assertEquals(1, store.taken.get());
    }

    @Test
    void acquireWaitsForTheLockHoweverLong() throws Exception {
        store.lock.acquire();
        CompletionStage<Boolean> acquired = lease.acquire();
        store.awaitRefusals(3);
        assertFalse(acquired.toCompletableFuture().isDone());
        assertFalse(lease.checkLease());
        store.lock.release();
        assertTrue(await(acquired));
    }

    @Test
    void aLongWaitIsToldWithItsHolderUntilItIsOver() throws Exception {
        store.lock.acquire();
        CompletionStage<Boolean> acquired = lease.acquire();
        store.awaitRefusals(3);
        assertEquals(List.of(), waits.now());
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        store.awaitRefusals(3);
        assertEquals(List.of(new LongWaits.LongWait(SHARD, 11, "somebody holds 12")), waits.now());
        store.lock.release();
        assertTrue(await(acquired));
        assertEquals(List.of(), waits.now());
    }

    @Test
    void aWaitThatIsGivenUpIsNotToldAnyMore() throws Exception {
        store.lock.acquire();
        var _ = lease.acquire();
        store.awaitRefusals(3);
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        store.awaitRefusals(3);
        assertEquals(1, waits.now().size());
        await(lease.release());
        assertEquals(List.of(), waits.now());
        assertTrue(waits.since(SHARD).isEmpty());
    }

    @Test
    void releaseClosesTheGateInTheCallAndUnlocksAfterTheDrain() throws Exception {
        await(lease.acquire());
        CountDownLatch drained = new CountDownLatch(1);
        store.beforeGivingUp = drained;
        CompletionStage<Boolean> released = lease.release();
        assertTrue(store.gateClosed, "in the call");
        assertTrue(owned.find(SHARD).isEmpty(), "in the call");
        assertFalse(lease.checkLease());
        assertFalse(setup.allReleased().isDone());
        assertThrows(
                TimeoutException.class, () -> released.toCompletableFuture().get(50, TimeUnit.MILLISECONDS));
        drained.countDown();
        assertTrue(await(released));
        await(setup.allReleased());
    }

    @Test
    void theSameLeaseTakenAgainWaitsForItsOwnLastTenure() throws Exception {
        await(lease.acquire());
        CountDownLatch drained = new CountDownLatch(1);
        store.beforeGivingUp = drained;
        CompletionStage<Boolean> released = lease.release();
        CompletionStage<Boolean> again = lease.acquire();
        store.awaitRefusals(2);
        assertFalse(again.toCompletableFuture().isDone());
        drained.countDown();
        assertTrue(await(released));
        assertTrue(await(again));
        assertEquals(2, owned.find(SHARD).orElseThrow().epoch());
    }

    @Test
    void releaseCancelsAPendingAcquire() throws Exception {
        store.lock.acquire();
        CompletionStage<Boolean> acquired = lease.acquire();
        store.awaitRefusals(1);
        CompletionStage<Boolean> released = lease.release();
        assertFalse(await(acquired));
        assertTrue(await(released));
        store.lock.release();
        assertTrue(store.lock.tryAcquire(), "nobody took it after the release");
    }

    @Test
    void aTakeOverThatEndsAfterTheReleaseIsGivenUpAgain() throws Exception {
        CountDownLatch replayed = new CountDownLatch(1);
        store.replay = replayed;
        CompletionStage<Boolean> acquired = lease.acquire();
        store.taking.await();
        CompletionStage<Boolean> released = lease.release();
        assertFalse(await(acquired));
        replayed.countDown();
        assertTrue(await(released));
        assertTrue(owned.find(SHARD).isEmpty());
        assertTrue(store.lock.tryAcquire(), "unlocked again");
    }

    @Test
    void anOperatingFaultIsToldAndTriedAgain() throws Exception {
        store.fault = new IOException("EIO");
        CompletionStage<Boolean> acquired = lease.acquire();
        store.taking.await();
        while (setup.troubles().isEmpty()) {
            Thread.onSpinWait();
        }
        assertEquals("EIO", setup.troubles().get(SHARD));
        store.fault = null;
        assertTrue(await(acquired));
        assertTrue(setup.troubles().isEmpty());
    }

    @Test
    void aShardThatStaysShutIsGoneOnWithAndKeepsNoTaker() throws Exception {
        store.shut = true;
        CompletionStage<Boolean> acquired = lease.acquire();
        store.awaitRefusals(2);
        assertEquals("shard 12 stays shut: EACCES", setup.troubles().get(SHARD));
        CountDownLatch bothAtOnce = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            setup.takers().execute(() -> {
                bothAtOnce.countDown();
                try {
                    bothAtOnce.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        assertTrue(bothAtOnce.await(20, TimeUnit.SECONDS), "both takers are others' between tries");
        assertFalse(acquired.toCompletableFuture().isDone());
        store.shut = false;
        assertTrue(await(acquired));
        assertTrue(setup.troubles().isEmpty());
        assertEquals(1, store.taken.get());
    }

    @Test
    void aShardThatStaysShutIsGoneOnWithAfterItsReleaseAndThenGivenUp() throws Exception {
        store.shut = true;
        CompletionStage<Boolean> acquired = lease.acquire();
        store.awaitRefusals(1);
        CompletionStage<Boolean> released = lease.release();
        assertFalse(await(acquired));
        store.awaitRefusals(1);
        assertFalse(released.toCompletableFuture().isDone(), "the lock is had");
        store.shut = false;
        assertTrue(await(released));
        assertTrue(owned.find(SHARD).isEmpty());
        assertTrue(store.lock.tryAcquire(), "unlocked again");
    }

    @Test
    void aFaultOfAShardThatIsNotWantedAnyMoreIsNotTold() throws Exception {
        store.fault = new IOException("EIO");
        CountDownLatch failing = new CountDownLatch(1);
        store.beforeFault = failing;
        var _ = lease.acquire();
        store.taking.await();
        CompletionStage<Boolean> released = lease.release();
        failing.countDown();
        assertTrue(await(released));
        assertEquals(Map.of(), setup.troubles(), "another node's by now, perhaps");
    }

    @Test
    void aShardThatCannotBeGivenUpStopsTheProcess() throws Exception {
        await(lease.acquire());
        store.givingUpFails = true;
        CompletionStage<Boolean> released = lease.release();
        assertTrue(await(fatal).contains("given up"));
        assertFalse(released.toCompletableFuture().isDone(), "nobody may believe that the lock is free");
    }

    @Test
    void aNameThatIsNoShardsIsRefused() {
        LeaseSettings singleton = new LeaseSettings(
                "linchpin-singleton",
                "a:1",
                new TimeoutSettings(seconds(), seconds(), seconds()),
                ConfigFactory.empty());
        assertThrows(IllegalArgumentException.class, () -> new ShardLease(singleton, setup));
    }

    /** One shard whose lock is a semaphore. */
    private static final class Store implements ShardStore {
        final Semaphore lock = new Semaphore(1);
        final AtomicInteger taken = new AtomicInteger();
        final CountDownLatch taking = new CountDownLatch(1);
        private final Semaphore refusals = new Semaphore(0);
        volatile CountDownLatch replay = new CountDownLatch(0);
        volatile CountDownLatch beforeGivingUp = new CountDownLatch(0);
        volatile CountDownLatch beforeFault = new CountDownLatch(0);
        volatile @Nullable IOException fault;
        volatile boolean shut;
        volatile boolean gateClosed;
        volatile boolean givingUpFails;

        void awaitRefusals(int count) throws InterruptedException {
            assertTrue(refusals.tryAcquire(count, 20, TimeUnit.SECONDS));
        }

        @Override
        public Optional<OwnedShard> tryTake(int shard) throws IOException {
            taking.countDown();
            @Nullable IOException failing = fault;
            if (failing != null) {
                await(beforeFault);
                throw failing;
            }
            if (!lock.tryAcquire()) {
                refusals.release();
                return Optional.empty();
            }
            await(replay);
            return Optional.of(goOn());
        }

        private OwnedShard goOn() throws IOException {
            if (shut) {
                refusals.release();
                throw new ShardShutException(SHARD, "EACCES", this::goOn);
            }
            return new Shard(taken.incrementAndGet());
        }

        private static void await(CountDownLatch latch) throws IOException {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public boolean allReplayedInThisBoot() {
            return true;
        }

        @Override
        public void checkpoint() {}

        @Override
        public JournalStatus journalStatus() {
            return new JournalStatus(0, 0, 0, 0, 0);
        }

        @Override
        public boolean refersTo(Incarnation incarnation) {
            return false;
        }

        @Override
        public Set<Incarnation> journalsListed() {
            return Set.of();
        }

        @Override
        public Set<Incarnation> journalsListed(int shard) {
            return Set.of();
        }

        @Override
        public void close() {}

        private final class Shard implements OwnedShard {
            private final long epoch;

            Shard(long epoch) {
                this.epoch = epoch;
            }

            @Override
            public int number() {
                return SHARD;
            }

            @Override
            public long epoch() {
                return epoch;
            }

            @Override
            public void submit(Mutation mutation, boolean resend, Consumer<Outcome> reply) {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean isUnderWay(UploadId mutation) {
                return false;
            }

            @Override
            public int inFlight() {
                return 0;
            }

            @Override
            public void closeGate() {
                gateClosed = true;
            }

            @Override
            public void drain() {}

            @Override
            public void giveUp() throws IOException, InterruptedException {
                if (givingUpFails) {
                    throw new IOException("EIO");
                }
                beforeGivingUp.await();
                lock.release();
            }
        }
    }
}
