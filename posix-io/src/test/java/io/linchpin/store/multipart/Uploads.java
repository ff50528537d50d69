package io.linchpin.store.multipart;

import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;

/** A store with one upload in it, and short words for what happens to it. */
final class Uploads implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Incarnation SELF = Incarnation.of(1, 17);
    static final Incarnation OTHER = Incarnation.of(2, 23);
    static final Incarnation DYING = Incarnation.of(3, 5);
    static final BucketName BUCKET = new BucketName("box");

    /** Stride from 8 bytes on, in units of 8; the base file ends at 400. */
    static final PartFile.Limits SMALL = new PartFile.Limits(8, 8, 400);

    final StoreRoot root;
    final UploadStore store;
    final UploadId upload;
    final Set<Incarnation> dead = new HashSet<>();
    final Path dir;
    PartFile.Limits limits = SMALL;
    private final Watch watch;
    private final Random ids;

    /** Told a path that is about to be opened. */
    @FunctionalInterface
    interface Opening {
        void of(String path) throws IOException;
    }

    Uploads(Path dir, Random ids) throws IOException {
        this(dir, ids, new Watch());
    }

    private Uploads(Path dir, Random ids, Watch watch) throws IOException {
        this(dir, ids, watch.over(new NativePosix()), watch);
    }

    /** Over calls of a test's own. */
    Uploads(Path dir, Random ids, Posix posix) throws IOException {
        this(dir, ids, posix, new Watch());
    }

    private Uploads(Path dir, Random ids, Posix posix, Watch watch) throws IOException {
        this.dir = dir;
        this.ids = ids;
        this.watch = watch;
        Files.createDirectories(dir.resolve(Names.staging(SELF)));
        root = StoreRoot.open(posix, dir);
        store = new UploadStore(root);
        upload = id();
        store.create(new UploadRecord(
                new ObjectId(BUCKET, new ObjectKey("film")),
                upload,
                7,
                NOW,
                Map.of("content-type", "video/mp4"),
                Map.of("by", "me"),
                Map.of(),
                ChecksumAlgorithm.CRC32C,
                ChecksumType.FULL_OBJECT));
    }

    /** The real calls but the syncs, which change nothing that these tests can see; told of what is opened. */
    private static final class Watch {
        private Opening beforeOpening = _ -> {};

        Posix over(Posix real) {
            return (Posix) java.lang.reflect.Proxy.newProxyInstance(
                    Posix.class.getClassLoader(), new Class<?>[] {Posix.class}, (_, method, args) -> {
                        if (method.getName().startsWith("f") && method.getName().endsWith("sync")) {
                            return 0;
                        }
                        if (method.getName().equals("openat2")) {
                            beforeOpening.of((String) args[1]);
                        }
                        return method.invoke(real, args);
                    });
        }
    }

    /** From now on it is told of each path that is about to be opened. */
    void beforeOpening(Opening told) {
        watch.beforeOpening = told;
    }

    UploadId id() {
        return UploadId.of(ids.nextLong(), ids.nextLong());
    }

    UploadDirectory open() throws IOException {
        return store.open(BUCKET, upload).orElseThrow();
    }

    PartFile openPart(int number, long size) throws IOException {
        return openPart(SELF, number, size);
    }

    PartFile openPart(Incarnation by, int number, long size) throws IOException {
        return PartFile.open(open(), by, new PartNumber(number), size, limits, this::id);
    }

    /** Writes and commits a part. */
    PartRecord put(int number, byte[] bytes) throws IOException {
        try (PartFile part = openPart(number, bytes.length)) {
            part.write(ByteBuffer.wrap(bytes));
            return commit(part, bytes).orElseThrow();
        }
    }

    Optional<PartRecord> commit(PartFile part, byte[] bytes) throws IOException {
        UploadDirectory.Prepared prepared = part.prepare(md5(bytes), crc(bytes), NOW);
        try (UploadDirectory u = open()) {
            return u.commit(List.of(prepared)).getFirst();
        }
    }

    static CompletionPlan.Listed listed(int number, byte[] bytes) {
        return new CompletionPlan.Listed(new PartNumber(number), md5(bytes), crc(bytes));
    }

    CompletionPlan plan(long minPartBytes, List<CompletionPlan.Listed> parts) throws IOException {
        try (UploadDirectory u = open()) {
            return CompletionPlan.of(
                    u.record(), u.parts(), new CompletionPlan.Request(parts, null, null), minPartBytes);
        }
    }

    /** Marks, stages, and gives the mutation. */
    Mutation.Put complete(CompletionPlan.Plan plan, boolean copyInKernel) throws IOException {
        try (UploadDirectory u = open()) {
            Attempt attempt = new Attempt(id(), plan.listDigest());
            u.begin(attempt, id());
            return new UploadCompletion(root, SELF, dead::contains, new RangeCopy(copyInKernel))
                    .stage(u, plan, attempt, Preconditions.NONE, () -> 99);
        }
    }

    Path staged(Mutation.Put put) {
        return dir.resolve(Names.staging(SELF)).resolve(Names.stagedData(put.id()));
    }

    Path file(String name) {
        return dir.resolve(UploadStore.directory(BUCKET, upload)).resolve(name);
    }

    static ETag md5(byte[] bytes) {
        try {
            return new ETag(
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes)));
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has MD5", e);
        }
    }

    static Checksum crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Checksum.full(
                ChecksumAlgorithm.CRC32C,
                ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    @Override
    public void close() {
        root.close();
    }
}
