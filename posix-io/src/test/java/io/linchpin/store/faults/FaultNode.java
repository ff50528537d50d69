package io.linchpin.store.faults;

import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.store.bucket.BucketCheck;
import io.linchpin.store.bucket.BucketLife;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.commit.LocalShardStore;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.commit.ShardShutException;
import io.linchpin.store.commit.StepwiseStore;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.listing.ObjectListing;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.recovery.Boot;
import io.linchpin.store.recovery.Sweep;
import io.linchpin.store.staging.Staging;
import io.linchpin.store.staging.StagingSettings;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One node's life on a simulated disk: the real engine, driven on one thread, which a broken invariant kills at once. */
final class FaultNode {
    private static final long EPOCH_NANOS = 1_700_000_000_000_000_000L;
    private static final int SHARD = 0;

    final SimulatedDisk disk;
    final SimulatedProcess process;
    final FaultyPosix posix;
    final Incarnation incarnation;
    final StoreRoot root;
    private final BucketCheck check;
    private final int life;
    private boolean syncfs = true;
    private @Nullable StepwiseStore engine;
    private @Nullable OwnedShard shard;
    private long ids;
    private long ticks;

    /** A process has started; nothing is opened but the root. */
    FaultNode(SimulatedDisk disk, int life) throws IOException {
        this.disk = disk;
        this.life = life;
        this.process = disk.newProcess();
        this.posix = new FaultyPosix(process);
        this.incarnation = Incarnation.of(0, life);
        this.root = StoreRoot.open(posix, Path.of("/"));
        this.check = BucketCheck.of(states());
    }

    /** Opens journal and staging. */
    void open() throws IOException {
        Boot boot = new Boot(UUID.fromString(disk.bootId()), 1);
        StagingSettings staging = new StagingSettings(StepwiseStore.INLINE_LIMIT_BYTES, 0, 0, true, true);
        engine = new StepwiseStore(root, incarnation, boot, this::clock, 1, staging, syncfs, check, this::stop);
    }

    /** Takes the only shard: whether its lock was free. */
    boolean take() throws IOException {
        try {
            shard = store().tryTake(SHARD).orElse(null);
        } catch (ShardShutException e) {
            shard = goOn(e);
        }
        return shard != null;
    }

    /** As the lease of a shard does. */
    private static OwnedShard goOn(ShardShutException shut) throws IOException {
        ShardShutException last = shut;
        while (true) {
            try {
                return last.tryAgain();
            } catch (ShardShutException e) {
                last = e;
            }
        }
    }

    FaultNode serving() throws IOException {
        open();
        if (!take()) {
            throw new AssertionError("the shard's lock is not free");
        }
        // What a first mutation does for the bucket's directory: BucketCrashTest has the failures of that.
        check.look(World.BOX, 0);
        return this;
    }

    FaultNode serving(boolean trustsSyncfs) throws IOException {
        syncfs = trustsSyncfs;
        return serving();
    }

    /** {@link #serving} as a step. */
    Verdict start() throws IOException {
        serving();
        return new Verdict.Done("");
    }

    private void stop(String why, @Nullable Throwable cause) {
        if (cause instanceof Halt halt) {
            throw halt;
        }
        // Not another call is made: the kernel has the process's descriptors and locks.
        disk.kill(process);
        throw new Halt(why + ": " + cause);
    }

    private long clock() {
        ticks++;
        return EPOCH_NANOS + life * 1_000_000_000L + ticks * 1_000_000L;
    }

    /** A name that nothing had before. */
    UploadId id() {
        return UploadId.of(life, ++ids);
    }

    Instant now() {
        return Instant.ofEpochSecond(0, EPOCH_NANOS);
    }

    private StepwiseStore engine() {
        if (engine == null) {
            throw new AssertionError("not open");
        }
        return engine;
    }

    LocalShardStore store() {
        return engine().store;
    }

    Staging staging() {
        return engine().staging;
    }

    OwnedShard shard() {
        if (shard == null) {
            throw new AssertionError("no shard");
        }
        return shard;
    }

    BucketStates states() {
        return new BucketStates(root);
    }

    BucketLife buckets() {
        return new BucketLife(root, incarnation, states(), this::now, () -> 1000L * life + ids++, this::id);
    }

    UploadStore uploads() {
        return new UploadStore(root);
    }

    ObjectReader reader() {
        return new ObjectReader(root);
    }

    ObjectListing listing() {
        return new ObjectListing(root);
    }

    Sweep sweep() {
        return new Sweep(root);
    }

    /** Judged, made durable, published, answered. */
    Verdict submit(Mutation mutation) {
        List<Outcome> answers = new ArrayList<>();
        shard().submit(mutation, false, answers::add);
        settle();
        if (answers.size() != 1) {
            return new Verdict.Broken(answers.size() + " answers");
        }
        return switch (answers.getFirst()) {
            case Outcome.Failed(int errno, String call) -> new Verdict.Refused(call + " " + Errnos.name(errno));
            case Outcome.Busy(var _, String why) -> new Verdict.Refused(why);
            case Outcome.Unknown() -> new Verdict.Broken("unknown, though everybody lives");
            case Outcome.Committed _,
                    Outcome.Deleted _,
                    Outcome.PreconditionFailed _,
                    Outcome.NoSuchKey _,
                    Outcome.NoSuchBucket _ ->
                new Verdict.Done(answers.getFirst().getClass().getSimpleName());
        };
    }

    /** What the journal's writer and the publishers do, on this thread. */
    void settle() {
        try {
            engine().settle();
        } catch (IOException e) {
            stop("the journal failed", e);
        }
    }

    /** Journaled, and no more. */
    void makeDurable() throws IOException {
        engine().flush();
    }

    /** Hands the shard over and leaves. */
    void leave() throws IOException, InterruptedException {
        settle();
        shard().giveUp();
        store().close();
        disk.kill(process);
    }
}
