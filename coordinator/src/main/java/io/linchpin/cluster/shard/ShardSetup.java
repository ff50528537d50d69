package io.linchpin.cluster.shard;

import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.node.Fatal;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.setup.Setup;

/** What {@link ShardLease} works with, handed to the actor system when it is made, for Pekko makes the leases. */
public final class ShardSetup extends Setup {
    private final ShardStore store;
    private final OwnedShards owned;
    private final Fatal fatal;
    private final LongWaits waits;
    private final ScheduledExecutorService takers;
    private final AtomicLong releaseNumber = new AtomicLong();
    private final Map<Long, CompletableFuture<Boolean>> releases = new ConcurrentHashMap<>();
    private final Map<Integer, String> troubles = new ConcurrentHashMap<>();

    /**
     * The services of this node's leases.
     *
     * @param takerThreads how many shards are taken at once, 1 to 64
     */
    public ShardSetup(ShardStore store, OwnedShards owned, Fatal fatal, LongWaits waits, int takerThreads) {
        this.store = store;
        this.owned = owned;
        this.fatal = fatal;
        this.waits = waits;
        this.takers = Executors.newScheduledThreadPool(
                takerThreads,
                Thread.ofPlatform().daemon().name("shard-taker-", 0).factory());
    }

    ShardStore store() {
        return store;
    }

    OwnedShards owned() {
        return owned;
    }

    Fatal fatal() {
        return fatal;
    }

    /** The locks that are waited for. */
    public LongWaits waits() {
        return waits;
    }

    ScheduledExecutorService takers() {
        return takers;
    }

    /** Notes that a shard is being wound up; its future completes when the lock is free. */
    void releasing(CompletableFuture<Boolean> released) {
        long number = releaseNumber.incrementAndGet();
        releases.put(number, released);
        var _ = released.whenComplete((_, _) -> releases.remove(number));
    }

    /** Completes when every shard that is being wound up has its lock free. */
    public CompletableFuture<Void> allReleased() {
        return CompletableFuture.allOf(releases.values().toArray(CompletableFuture[]::new));
    }

    void trouble(int shard, String what) {
        troubles.put(shard, what);
    }

    void noTrouble(int shard) {
        troubles.remove(shard);
    }

    /** Why shards that are to live here cannot be taken, by shard. */
    public Map<Integer, String> troubles() {
        return new TreeMap<>(troubles);
    }

    /** Ends the threads, and waits until none of them takes a shard any more, which nobody would give up then. */
    public void close() {
        takers.shutdownNow();
        takers.close();
    }
}
