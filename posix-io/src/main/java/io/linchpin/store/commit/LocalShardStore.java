package io.linchpin.store.commit;

import io.linchpin.posix.PosixException;
import io.linchpin.store.bucket.BucketCheck;
import io.linchpin.store.commit.KeyCommits.InPlace;
import io.linchpin.store.journal.CommitQueue;
import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.GroupCommit;
import io.linchpin.store.journal.Journal;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.Fatal;
import io.linchpin.store.publish.Fold;
import io.linchpin.store.publish.PublishResult;
import io.linchpin.store.publish.Publisher;
import io.linchpin.store.publish.StagedFiles;
import io.linchpin.store.publish.Swap;
import io.linchpin.store.recovery.Boot;
import io.linchpin.store.recovery.JournalArchive;
import io.linchpin.store.recovery.Sweep;
import io.linchpin.store.recovery.TakeOver;
import io.linchpin.store.shard.Ledger;
import io.linchpin.store.shard.ShardFile;
import io.linchpin.store.staging.StagedPair;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node's shards over one journal: threads at the edges, the steps in the packages below. */
public final class LocalShardStore implements ShardStore {
    private static final Logger log = LoggerFactory.getLogger(LocalShardStore.class);

    /** Shards of a dead node come over within seconds of each other; a dead node's journal is swept later than that. */
    private static final long KEEP_JOURNALS_NANOS = 10_000_000_000L;

    private final StoreRoot root;
    private final Incarnation own;
    private final int shards;
    private final CommitSettings settings;
    private final BucketCheck buckets;
    private final LongSupplier bootClockNanos;
    private final Fatal fatal;
    private final Boot boot;
    private final Journal journal;
    private final CommitQueue commits;
    private final Publisher publisher;
    private final VersionLook look;
    private final StampSource stamps;
    private final JournalArchive archive;
    private final TakeOver takeOver;
    private final Checkpointer checkpointer;
    private final PublishQueue publishing;
    private @Nullable Thread checkpointThread;
    private final InFlight inFlight;
    private final Semaphore checkpointWanted = new Semaphore(0);
    private volatile boolean closed;

    /**
     * What the store is opened with.
     *
     * @param shards number of shards, from the format
     * @param wallClockNanos nanoseconds since the epoch
     * @param bootClockNanos the clock of {@link Mutation#deadlineBootNanos}
     * @param fatal how the process is stopped
     */
    public record Environment(
            StoreRoot root,
            Incarnation own,
            int shards,
            Boot boot,
            BucketCheck buckets,
            LongSupplier wallClockNanos,
            LongSupplier bootClockNanos,
            Fatal fatal) {}

    /**
     * How the steps are driven: by threads in a process, one by one in a test on the simulated disk.
     *
     * @param keepJournalsNanos how long the index of a dead node's journal is kept for the take-over of its next shard
     */
    record Drive(
            Function<Journal, CommitQueue> commits,
            Function<Consumer<List<KeyCommits>>, PublishQueue> publishing,
            long keepJournalsNanos) {}

    LocalShardStore(Environment env, CommitSettings settings, Drive drive) throws IOException {
        this.root = env.root();
        this.own = env.own();
        this.shards = env.shards();
        this.settings = settings;
        this.buckets = env.buckets();
        this.bootClockNanos = env.bootClockNanos();
        this.fatal = env.fatal();
        this.boot = env.boot();
        ObjectTree tree = new ObjectTree(root);
        Swap swap = Swap.open(root, own);
        this.journal = Journal.create(root, own, settings.journal());
        this.publisher = new Publisher(root, tree, swap, settings.publish());
        this.look = new VersionLook(root, tree);
        this.stamps = new StampSource(env.wallClockNanos(), own.slot());
        this.archive = new JournalArchive(root, own, drive.keepJournalsNanos(), bootClockNanos);
        this.takeOver = new TakeOver(root, own, journal, archive, tree, publisher, boot, buckets);
        this.checkpointer = new Checkpointer(root, journal, settings.syncfs());
        this.commits = drive.commits().apply(journal);
        this.publishing = drive.publishing().apply(this::publish);
        this.inFlight = new InFlight(own, settings);
    }

    /** Opens the journal of a new incarnation and starts its threads. */
    public static LocalShardStore open(Environment env, CommitSettings settings) throws IOException {
        Fatal fatal = env.fatal();
        Drive threads = new Drive(
                journal -> new GroupCommit(journal, e -> fatal.stop("the journal failed", e)),
                publish -> new PublishThreads(settings.publishers(), publish, e -> fatal.stop("publishing failed", e)),
                KEEP_JOURNALS_NANOS);
        LocalShardStore store = new LocalShardStore(env, settings, threads);
        store.journal.onFilling(store.checkpointWanted::release);
        store.checkpointThread =
                Thread.ofPlatform().name("linchpin-checkpoint").daemon().start(store::checkpointLoop);
        return store;
    }

    @Override
    public Optional<OwnedShard> tryTake(int shard) throws IOException {
        if (shard < 0 || shard >= shards) {
            throw new IllegalArgumentException("no shard " + shard + " of " + shards);
        }
        Optional<ShardFile> file = ShardFile.tryLock(root, shard);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        long before = file.get().ledger().epoch();
        TakeOver.Begun begun;
        try {
            begun = takeOver.begin(file.get());
        } catch (IOException | RuntimeException e) {
            if (file.get().ledger().epoch() == before && !file.get().isDoubtful()) {
                file.get().close();
                throw e instanceof IOException io ? io : new IOException("shard " + shard + " was not taken", e);
            }
            throw failedHalfWay(shard, e);
        }
        return Optional.of(goOn(file.get(), begun));
    }

    private OwnedShard goOn(ShardFile file, TakeOver.Begun begun) throws IOException {
        TakeOver.Progress progress;
        try {
            progress = begun.goOn();
        } catch (IOException | RuntimeException e) {
            throw failedHalfWay(file.number(), e);
        }
        return switch (progress) {
            case TakeOver.Taken taken -> new LocalShard(this, file, taken);
            case TakeOver.Shut(String why) -> throw new ShardShutException(file.number(), why, () -> goOn(file, begun));
        };
    }

    private IOException failedHalfWay(int shard, Exception e) {
        fatal.stop("the take-over of shard " + shard + " failed half way", e);
        return new IOException("shard " + shard + " was not taken", e);
    }

    @Override
    public boolean allReplayedInThisBoot() throws IOException {
        for (int shard = 0; shard < shards; shard++) {
            if (!ShardFile.peek(root, shard).isReplayedIn(boot.id(), boot.mount())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean refersTo(Incarnation incarnation) {
        return inFlight.refersTo(incarnation) || archive.isHeld(incarnation) || journal.refersTo(incarnation);
    }

    @Override
    public Set<Incarnation> journalsListed() throws IOException {
        Set<Incarnation> listed = new HashSet<>();
        for (int shard = 0; shard < shards; shard++) {
            listed.addAll(journalsListed(shard));
        }
        return listed;
    }

    @Override
    public Set<Incarnation> journalsListed(int shard) throws IOException {
        return ShardFile.peek(root, shard).journals();
    }

    @Override
    public void checkpoint() throws IOException {
        try {
            checkpointer.checkpoint();
        } catch (PosixException e) {
            fatal.stop("a checkpoint failed", e);
            throw e;
        }
    }

    private void checkpointLoop() {
        try {
            while (!closed) {
                // Early where the journal fills up; permits that came meanwhile are one wish.
                checkpointWanted.tryAcquire(settings.checkpointInterval().toMillis(), TimeUnit.MILLISECONDS);
                checkpointWanted.drainPermits();
                if (journal.liveRecords() > 0) {
                    checkpoint();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                fatal.stop("checkpoints failed", e);
            }
        }
    }

    @Override
    public JournalStatus journalStatus() {
        return new JournalStatus(
                journal.segments(),
                journal.liveBytes(),
                journal.liveRecords(),
                checkpointer.checkpoints(),
                checkpointer.lastEpochMillis());
    }

    // What a shard needs of its store.

    CommitSettings settings() {
        return settings;
    }

    StoreRoot root() {
        return root;
    }

    CommitQueue commits() {
        return commits;
    }

    VersionLook look() {
        return look;
    }

    StampSource stamps() {
        return stamps;
    }

    BucketCheck.Admission admits(Mutation mutation) throws IOException {
        return buckets.look(mutation.object().bucket(), mutation.bucketGeneration());
    }

    /** Counts a mutation in; an outcome where it is refused. */
    @Nullable
    Outcome enter(Mutation mutation) {
        if (bootClockNanos.getAsLong() - mutation.deadlineBootNanos() > 0) {
            return new Outcome.Busy(Outcome.Wait.NOTHING, "the deadline has passed");
        }
        return inFlight.enter(mutation);
    }

    void leave(Mutation mutation) {
        inFlight.leave(mutation);
    }

    PublishQueue publishing() {
        return publishing;
    }

    /** Puts what is durable of each key into place, marks all of it with one write, and then tells it. */
    private void publish(List<KeyCommits> keys) {
        List<InPlace> done = new ArrayList<>(keys.size());
        List<CommitRecord.Id> records = new ArrayList<>(keys.size());
        for (KeyCommits key : keys) {
            InPlace inPlace = key.publish();
            if (inPlace != null) {
                done.add(inPlace);
                records.addAll(inPlace.records());
            }
        }
        if (!records.isEmpty()) {
            mark(records);
        }
        for (InPlace inPlace : done) {
            if (inPlace.key().settle(inPlace)) {
                publishing.add(inPlace.key());
            }
        }
    }

    PublishResult publish(Fold fold, @Nullable StagedFiles staged) {
        try {
            return publisher.publish(fold, staged);
        } catch (IOException e) {
            fatal.stop("publishing " + fold.object() + " failed", e);
            throw new IllegalStateException("publishing failed", e);
        }
    }

    private void mark(List<CommitRecord.Id> ids) {
        try {
            journal.mark(ids);
        } catch (PosixException e) {
            fatal.stop("the journal failed", e);
            throw new IllegalStateException("the journal failed", e);
        }
    }

    void writeLedger(ShardFile file, Ledger ledger) throws PosixException {
        try {
            file.write(ledger);
        } catch (PosixException e) {
            stopForLedger(file, e);
            throw e;
        }
    }

    void stopForLedger(ShardFile file, PosixException e) {
        fatal.stop("the ledger of shard " + file.number() + " failed", e);
    }

    void stopForJudging(ObjectId object, RuntimeException e) {
        fatal.stop("judging a change of " + object + " broke an invariant", e);
    }

    void discardStaged(Incarnation by, UploadId upload) {
        StagedPair.discard(root, by, upload);
    }

    /** Unlinks what nobody refers to; what stays is removed with its incarnation's staging directory. */
    void unlinkQuietly(String path) {
        root.posix().unlinkat(root.fd(), path, 0);
    }

    void logUnreadable(ObjectId object, IOException e) {
        log.error("{} cannot be judged against", object, e);
    }

    long bootNanos() {
        return bootClockNanos.getAsLong();
    }

    /** Stops the threads, each at the end of its step, and only then closes what they use. */
    @Override
    public void close() {
        closed = true;
        checkpointWanted.release();
        commits.close();
        publishing.close();
        join(checkpointThread);
        journal.close();
        sweepOwnJournal();
    }

    /** A clean end leaves no journal behind, so that a store at rest is known to be one. */
    private void sweepOwnJournal() {
        try {
            if (!journalsListed().contains(own)) {
                new Sweep(root).sweepJournal(own);
            }
        } catch (IOException e) {
            log.warn("the journal of {} stays until another node sweeps it", own, e);
        }
    }

    private static void join(@Nullable Thread thread) {
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
