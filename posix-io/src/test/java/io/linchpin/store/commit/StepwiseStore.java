package io.linchpin.store.commit;

import io.linchpin.posix.Fd;
import io.linchpin.posix.Posix;
import io.linchpin.store.bucket.BucketCheck;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.journal.CommitQueue;
import io.linchpin.store.journal.Journal;
import io.linchpin.store.journal.JournalSettings;
import io.linchpin.store.journal.LiveRecord;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.Fatal;
import io.linchpin.store.publish.PublishSettings;
import io.linchpin.store.recovery.Boot;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.staging.OpenPair;
import io.linchpin.store.staging.StagedPair;
import io.linchpin.store.staging.StagedUpload;
import io.linchpin.store.staging.Staging;
import io.linchpin.store.staging.StagingSettings;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The real engine of one node's life, driven step by step on one thread: nothing happens but by a call of the test. */
public final class StepwiseStore {
    /** Data of more bytes than this are staged durably. */
    public static final int INLINE_LIMIT_BYTES = 64;

    /** The process has stopped itself: a broken invariant, or a fault that the test injected. */
    public static final class Stopped extends AssertionError {
        private static final long serialVersionUID = 1;

        Stopped(String why, @Nullable Throwable cause) {
            super("stopped: " + why, cause);
        }
    }

    public final StoreRoot root;
    public final Incarnation incarnation;
    public final Staging staging;
    public final LocalShardStore store;
    private final Deque<Runnable> publishing = new ArrayDeque<>();
    private final List<KeyCommits> together = new ArrayList<>();
    private boolean gathering;
    private long generation;
    private Consumer<List<KeyCommits>> publishTurn = turn -> {};
    private StepCommits commits;

    public StepwiseStore(Posix posix, Incarnation incarnation, Boot boot, LongSupplier clock, boolean syncfs)
            throws IOException {
        this(posix, incarnation, boot, clock, syncfs, 1, INLINE_LIMIT_BYTES);
    }

    /** The same with more shards, and another inline limit. */
    public StepwiseStore(
            Posix posix,
            Incarnation incarnation,
            Boot boot,
            LongSupplier clock,
            boolean syncfs,
            int shards,
            int inlineLimitBytes)
            throws IOException {
        this(StoreRoot.open(posix, Path.of("/")), incarnation, boot, clock, shards, inlineLimitBytes, syncfs);
    }

    private StepwiseStore(
            StoreRoot root,
            Incarnation incarnation,
            Boot boot,
            LongSupplier clock,
            int shards,
            int inlineLimitBytes,
            boolean syncfs)
            throws IOException {
        this(
                root,
                incarnation,
                boot,
                clock,
                shards,
                new StagingSettings(inlineLimitBytes, 0, 0, false, false),
                syncfs,
                new AdmitsAll(BucketCheck.of(new BucketStates(root))),
                StepwiseStore::fail);
    }

    /** Every mutation is admitted; whether a bucket was made anew is asked of its state. */
    private record AdmitsAll(BucketCheck real) implements BucketCheck {
        @Override
        public Admission look(BucketName bucket, long generation) {
            return Admission.OPEN;
        }

        @Override
        public boolean isAnother(BucketName bucket, long generation) throws IOException {
            return real.isAnother(bucket, generation);
        }
    }

    /** With its own word on buckets, on copies, and on what stops the process. */
    public StepwiseStore(
            StoreRoot root,
            Incarnation incarnation,
            Boot boot,
            LongSupplier clock,
            int shards,
            StagingSettings limits,
            boolean syncfs,
            BucketCheck buckets,
            Fatal fatal)
            throws IOException {
        this.root = root;
        this.incarnation = incarnation;
        this.staging = Staging.open(root, incarnation, limits, clock);
        CommitSettings settings = new CommitSettings(
                new JournalSettings(64 << 10, 4),
                new PublishSettings(0644, -1, -1, true),
                1,
                64,
                1024,
                1L << 20,
                Duration.ofHours(1),
                syncfs);
        LocalShardStore.Environment env =
                new LocalShardStore.Environment(root, incarnation, shards, boot, buckets, clock, () -> 0, fatal);
        this.commits = new StepCommits(null);
        this.store = new LocalShardStore(
                env,
                settings,
                new LocalShardStore.Drive(
                        journal -> {
                            commits = new StepCommits(journal);
                            return commits;
                        },
                        Publishing::new,
                        0));
    }

    /** A broken invariant fails the test, but for the crash that the test itself made. */
    private static void fail(String why, @Nullable Throwable cause) {
        if (cause instanceof Error e) {
            throw e;
        }
        throw new Stopped(why, cause);
    }

    private static final class StepCommits implements CommitQueue {
        private final @Nullable Journal journal;
        private final List<LiveRecord> records = new ArrayList<>();
        private final List<Runnable> durable = new ArrayList<>();

        StepCommits(@Nullable Journal journal) {
            this.journal = journal;
        }

        @Override
        public void commit(LiveRecord record, Runnable whenDurable) {
            records.add(record);
            durable.add(whenDurable);
        }

        boolean isWaiting() {
            return !records.isEmpty();
        }

        void flush(int most) throws IOException {
            if (records.isEmpty() || journal == null) {
                return;
            }
            int count = Math.min(most, records.size());
            List<LiveRecord> group = List.copyOf(records.subList(0, count));
            List<Runnable> callbacks = List.copyOf(durable.subList(0, count));
            records.subList(0, count).clear();
            durable.subList(0, count).clear();
            try {
                journal.append(group);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            journal.sync();
            callbacks.forEach(Runnable::run);
        }

        @Override
        public void close() {}
    }

    /** Each key by itself, or some in one turn. */
    private final class Publishing implements PublishQueue {
        Publishing(Consumer<List<KeyCommits>> publish) {
            publishTurn = publish;
        }

        @Override
        public void add(KeyCommits key) {
            if (gathering) {
                together.add(key);
            } else {
                execute(() -> publishTurn.accept(List.of(key)));
            }
        }

        @Override
        public void execute(Runnable task) {
            publishing.add(task);
        }

        @Override
        public void close() {}
    }

    /** Makes durable what was judged, and publishes it in one turn, as one of the threads does with what it finds. */
    public void flushAndPublishTogether() throws IOException {
        gathering = true;
        flush();
        gathering = false;
        List<KeyCommits> turn = List.copyOf(together);
        together.clear();
        publishTurn.accept(turn);
    }

    /** Makes durable what was handed in, as one group. */
    public void flush() throws IOException {
        commits.flush(Integer.MAX_VALUE);
    }

    /** Makes durable what was handed in first, as a group of its own. */
    public void flushOne() throws IOException {
        commits.flush(1);
    }

    /** Publishes, in one step of the queue, what is durable. */
    public void publishOne() {
        Runnable next = publishing.poll();
        if (next != null) {
            next.run();
        }
    }

    /** Publishes what came last into the queue, before all that waits longer. */
    public void publishNewest() {
        Runnable newest = publishing.pollLast();
        if (newest != null) {
            newest.run();
        }
    }

    /** Makes durable and publishes until nothing is left to do. */
    public void settle() throws IOException {
        while (commits.isWaiting() || !publishing.isEmpty()) {
            flush();
            while (!publishing.isEmpty()) {
                publishOne();
            }
        }
    }

    /** Stages a body and its sidecar, as an ingress does, and gives the pair away. */
    public Mutation.Put put(
            ObjectId object, UploadId id, byte[] body, Map<String, String> userMetadata, Preconditions p)
            throws IOException {
        try (StagedUpload upload = staging.begin(id, body.length)) {
            upload.write(ByteBuffer.wrap(body));
            return give(upload, object, userMetadata, p);
        }
    }

    /** The same with a whole file as the body. */
    public Mutation.Put copy(ObjectId object, UploadId id, Fd source, long bytes, Map<String, String> userMetadata)
            throws IOException {
        try (StagedUpload upload = staging.begin(id, bytes)) {
            upload.stageCopy(source, 0, bytes, null);
            return give(upload, object, userMetadata, Preconditions.NONE);
        }
    }

    /** From now on uploads have seen the bucket in this generation. */
    public void inGeneration(long newGeneration) {
        generation = newGeneration;
    }

    private Mutation.Put give(StagedUpload upload, ObjectId object, Map<String, String> userMetadata, Preconditions p)
            throws IOException {
        UploadId id = upload.id();
        ETag etag = new ETag(id.hex());
        Sidecar sidecar = new Sidecar(
                object, id, 0, upload.size(), etag, Map.of(), userMetadata, Map.of(), Map.of(), null, List.of(), null);
        StagedPair pair = upload.finish(sidecar);
        OpenPair open = upload.giveAwayOpen();
        return new Mutation.Put(
                id,
                object,
                p,
                generation,
                Long.MAX_VALUE,
                pair.stagedBy(),
                pair.inode(),
                pair.size(),
                pair.durable(),
                etag,
                pair.sidecarBytes(),
                open);
    }
}
