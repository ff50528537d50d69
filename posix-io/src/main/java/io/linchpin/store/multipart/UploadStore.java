package io.linchpin.store.multipart;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All uploads of a store, below {@code .linchpin/uploads/<bucket>/}. All methods block; safe for concurrent use. */
public final class UploadStore {
    private static final int DIRECTORY_MODE = 0700;

    /** New files may appear while a directory is removed; more often than this the sweep does the rest. */
    private static final int REMOVE_ROUNDS = 4;

    /** So many buckets are remembered to have a durable directory; beyond, all are forgotten, which costs a sync each. */
    private static final int MAX_REMEMBERED = 1024;

    private final StoreRoot root;

    /**
     * The generation in which this process has synced a bucket's directory into its parent. With its bucket it goes, and who
     * makes it for the next may not come to sync it; so never 0, the generation of all buckets made by hand.
     */
    private final Map<BucketName, Long> durable = new ConcurrentHashMap<>();

    public UploadStore(StoreRoot root) {
        this.root = root;
    }

    static String directory(BucketName bucket, UploadId upload) {
        return bucketDirectory(bucket) + "/" + upload;
    }

    static String bucketDirectory(BucketName bucket) {
        return Names.UPLOADS + "/" + bucket;
    }

    /**
     * Begins an upload, durably. After a failure there is none.
     *
     * @throws PosixException EEXIST for an id that is in use
     */
    public void create(UploadRecord record) throws PosixException {
        BucketName bucket = record.object().bucket();
        String name = record.upload().hex();
        try (Fd uploads = makeBucketDirectory(bucket, record.bucketGeneration())) {
            int made = uploads.posix().mkdirat(uploads.number(), name, DIRECTORY_MODE);
            PosixException.check(made, "mkdirat", directory(bucket, record.upload()));
            boolean done = false;
            try {
                try (Fd dir = uploads.openDir(name)) {
                    String fresh = UploadFiles.fresh(UploadFiles.CREATE, record.upload());
                    byte[] document = UploadJson.encode(record);
                    FileIo.replaceDurably(dir, UploadFiles.CREATE, fresh, UploadDirectory.FILE_MODE, document);
                }
                FileIo.fsync(uploads);
                done = true;
            } finally {
                if (!done) {
                    // Nobody knows its id yet. What cannot be removed either has no record, or is listed and can be
                    // aborted.
                    uploads.posix().unlinkat(uploads.number(), name + "/" + UploadFiles.CREATE, 0);
                    uploads.posix().unlinkat(uploads.number(), name, Posix.AT_REMOVEDIR);
                }
            }
        }
    }

    /** Durably, whoever has made it: that one may have died before it was. */
    private Fd makeBucketDirectory(BucketName bucket, long generation) throws PosixException {
        for (String path : List.of(Names.HOME, Names.UPLOADS)) {
            int made = root.posix().mkdirat(root.fd(), path, DIRECTORY_MODE);
            if (made != -Errno.EEXIST) {
                PosixException.check(made, "mkdirat", path);
            }
        }
        try (Fd all = open(Names.UPLOADS)) {
            boolean made = FileIo.mkdirIfAbsent(all, bucket.value(), DIRECTORY_MODE);
            if (made || !Long.valueOf(generation).equals(durable.get(bucket))) {
                FileIo.fsync(all);
                remember(bucket, generation);
            }
            return all.openDir(bucket.value());
        }
    }

    private void remember(BucketName bucket, long generation) {
        if (durable.size() >= MAX_REMEMBERED) {
            durable.clear();
        }
        if (generation != 0) {
            durable.put(bucket, generation);
        }
    }

    private Fd open(String path) throws PosixException {
        return Fd.adopt(root.posix(), PosixException.check(root.openDirectory(path), "openat2", path), path);
    }

    public Optional<UploadDirectory> open(BucketName bucket, UploadId upload) throws IOException {
        return UploadDirectory.open(root, bucket, upload);
    }

    /** {@link UploadDirectory#openForSession}. */
    public Optional<UploadDirectory> openForSession(BucketName bucket, UploadId upload, Duration patience)
            throws IOException, InterruptedException {
        return UploadDirectory.openForSession(root, bucket, upload, patience);
    }

    /** The ids of a bucket's uploads, in no order; those that have ended or were never whole among them. */
    public List<UploadId> ids(BucketName bucket) throws PosixException {
        List<UploadId> ids = new ArrayList<>();
        for (String name : names(bucketDirectory(bucket))) {
            UploadId.parse(name).ifPresent(ids::add);
        }
        return ids;
    }

    /** Buckets that have, or had, uploads. */
    public List<BucketName> buckets() throws PosixException {
        List<BucketName> buckets = new ArrayList<>();
        for (String name : names(Names.UPLOADS)) {
            BucketName.parse(name).ifPresent(buckets::add);
        }
        return buckets;
    }

    private List<String> names(String directory) throws PosixException {
        int fd = root.openDirectory(directory);
        if (fd == -Errno.ENOENT || fd == -Errno.ENOTDIR) {
            return List.of();
        }
        try (Fd dir = Fd.adopt(root.posix(), PosixException.check(fd, "openat2", directory), directory)) {
            return FileIo.list(dir).stream().map(DirEntry::name).toList();
        }
    }

    /** The uploads of a bucket that are in progress, in no order. */
    public List<UploadRecord> inProgress(BucketName bucket) throws IOException {
        List<UploadRecord> records = new ArrayList<>();
        for (UploadId id : ids(bucket)) {
            Optional<UploadDirectory> upload = open(bucket, id);
            if (upload.isPresent()) {
                try (UploadDirectory u = upload.get()) {
                    if (u.outcome().isEmpty()) {
                        records.add(u.record());
                    }
                }
            }
        }
        return records;
    }

    /**
     * A completion that was sent, and is not settled.
     *
     * @param stagedBy whose staging holds the completed object, until that is settled
     */
    public record Unsettled(BucketName bucket, UploadId upload, Incarnation stagedBy) {}

    /**
     * Completions that may have been sent and are not settled, in no order. Of one incarnation the list only grows while that
     * incarnation lives: nobody else marks what it has staged.
     */
    public List<Unsettled> unsettled() throws IOException {
        List<Unsettled> result = new ArrayList<>();
        for (BucketName bucket : buckets()) {
            for (UploadId id : ids(bucket)) {
                unsettled(bucket, id).ifPresent(result::add);
            }
        }
        return result;
    }

    private Optional<Unsettled> unsettled(BucketName bucket, UploadId id) throws IOException {
        String mark = directory(bucket, id) + "/" + UploadFiles.SENT;
        int found = root.posix().statx(root.fd(), mark, 0, new FileStat());
        if (found == -Errno.ENOENT || found == -Errno.ENOTDIR) {
            return Optional.empty();
        }
        PosixException.check(found, "statx", mark);
        Optional<UploadDirectory> upload = open(bucket, id);
        if (upload.isEmpty()) {
            return Optional.empty();
        }
        try (UploadDirectory u = upload.get()) {
            // The outcome last: it is written before the mark goes.
            Optional<SentAttempt> sent = u.sent();
            return u.outcome().isPresent()
                    ? Optional.empty()
                    : sent.map(s -> new Unsettled(bucket, id, s.put().stagedBy()));
        }
    }

    /** Ends an upload, durably, and frees what it took: whether it was there. Repeats do no harm. */
    public boolean remove(BucketName bucket, UploadId upload) throws PosixException {
        String path = directory(bucket, upload);
        int fd = root.openDirectory(path);
        if (fd == -Errno.ENOENT || fd == -Errno.ENOTDIR) {
            return false;
        }
        boolean there;
        try (Fd dir = Fd.adopt(root.posix(), PosixException.check(fd, "openat2", path), path)) {
            // With its record the upload is gone, for everybody; the rest is only space.
            there = FileIo.unlinkIfPresent(dir, UploadFiles.CREATE);
            FileIo.fsync(dir);
            for (int round = 0; round < REMOVE_ROUNDS; round++) {
                for (DirEntry e : FileIo.list(dir)) {
                    FileIo.unlinkIfPresent(dir, e.name());
                }
                int removed = root.posix().unlinkat(root.fd(), path, Posix.AT_REMOVEDIR);
                if (removed == 0 || removed == -Errno.ENOENT) {
                    return there;
                }
                if (removed != -Errno.ENOTEMPTY && removed != -Errno.EEXIST) {
                    throw new PosixException(-removed, "unlinkat", path);
                }
            }
        }
        return there;
    }

    /**
     * Removes what nobody asks for any more: uploads that ended before a moment, and directories without a record (of an
     * upload half removed) that were last changed before it.
     *
     * @return how many were removed
     */
    public int sweep(Instant endedBefore) throws IOException {
        int removed = 0;
        for (BucketName bucket : buckets()) {
            for (UploadId id : ids(bucket)) {
                if (isOver(bucket, id, endedBefore)) {
                    remove(bucket, id);
                    removed++;
                }
            }
        }
        return removed;
    }

    private boolean isOver(BucketName bucket, UploadId id, Instant endedBefore) throws IOException {
        Optional<UploadDirectory> upload = open(bucket, id);
        if (upload.isEmpty()) {
            try (Fd uploads = open(bucketDirectory(bucket))) {
                return FileIo.statIfPresent(uploads, id.hex())
                        .map(s -> s.mtimeNanos < endedBefore.getEpochSecond() * 1_000_000_000L)
                        .orElse(false);
            }
        }
        try (UploadDirectory u = upload.get()) {
            return u.outcome().map(o -> o.at().isBefore(endedBefore)).orElse(false);
        }
    }
}
