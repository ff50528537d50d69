package io.linchpin.store.multipart;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.KernelLock;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One upload's directory, opened. All methods block; one thread at a time.
 *
 * <p>Who may call what: {@link PartFile} works on it from any node at any time. Everything that changes the upload's state
 * (committing parts, the completion's marks, removal) is for the upload's one session.
 */
public final class UploadDirectory implements AutoCloseable {
    static final int FILE_MODE = 0600;
    private static final int DOCUMENT_LIMIT_BYTES = 1 << 20;
    private static final int STRIDE_LIMIT_BYTES = 32;
    private static final int RECORD_LIMIT_BYTES = 4096;

    private static final long LOCK_POLL_MILLIS = 5;

    /** How often parts may be replaced while they are listed. */
    private static final int MAX_LOOKS = 100;

    private final Fd dir;
    private final UploadRecord record;
    private @Nullable KernelLock lock;

    private UploadDirectory(Fd dir, UploadRecord record) {
        this.dir = dir;
        this.record = record;
    }

    /**
     * Opens an upload for one step of a session, and waits until no other session, of this process or another, is at a
     * step: a session that was stopped leaves the step that it had begun to its end.
     *
     * @throws PosixException EBUSY where it took longer than this
     */
    public static Optional<UploadDirectory> openForSession(
            StoreRoot root, BucketName bucket, UploadId upload, Duration patience)
            throws IOException, InterruptedException {
        Optional<UploadDirectory> found = open(root, bucket, upload);
        if (found.isEmpty()) {
            return found;
        }
        UploadDirectory u = found.get();
        boolean keep = false;
        try {
            long until = System.nanoTime() + patience.toNanos();
            while (true) {
                Optional<KernelLock> had = u.tryLock();
                if (had.isPresent()) {
                    u.lock = had.get();
                    break;
                }
                if (System.nanoTime() - until > 0) {
                    throw new PosixException(Errno.EBUSY, "fcntl", u.dir.path());
                }
                Thread.sleep(LOCK_POLL_MILLIS);
            }
            keep = FileIo.statIfPresent(u.dir, UploadFiles.CREATE).isPresent();
            return keep ? found : Optional.empty();
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                // Removed while it was waited for.
                return Optional.empty();
            }
            throw e;
        } finally {
            if (!keep) {
                u.close();
            }
        }
    }

    private Optional<KernelLock> tryLock() throws PosixException {
        return KernelLock.tryAcquire(dir.posix(), dir.number(), UploadFiles.LOCK);
    }

    /** Opens an upload; empty where there is none of that id in that bucket. */
    public static Optional<UploadDirectory> open(StoreRoot root, BucketName bucket, UploadId upload)
            throws IOException {
        String path = UploadStore.directory(bucket, upload);
        int number = root.openDirectory(path);
        if (number == -Errno.ENOENT || number == -Errno.ENOTDIR) {
            return Optional.empty();
        }
        Fd dir = Fd.adopt(root.posix(), PosixException.check(number, "openat2", path), path);
        boolean keep = false;
        try {
            Optional<byte[]> created = FileIo.readSmallIfPresent(dir, UploadFiles.CREATE, DOCUMENT_LIMIT_BYTES);
            if (created.isEmpty()) {
                return Optional.empty();
            }
            UploadRecord record = UploadJson.upload(created.get());
            if (!record.upload().equals(upload) || !record.object().bucket().equals(bucket)) {
                throw new IOException(path + " holds another upload's record");
            }
            keep = true;
            return Optional.of(new UploadDirectory(dir, record));
        } finally {
            if (!keep) {
                dir.close();
            }
        }
    }

    public UploadRecord record() {
        return record;
    }

    Fd dir() {
        return dir;
    }

    /** Whether the base file must not be written to any more: a completion is under way, or done. */
    boolean isFrozen() throws PosixException {
        return FileIo.statIfPresent(dir, UploadFiles.COMPLETING).isPresent()
                || FileIo.statIfPresent(dir, UploadFiles.OUTCOME).isPresent()
                || FileIo.statIfPresent(dir, UploadFiles.CREATE).isEmpty();
    }

    /** The stride, or 0 where it is not set yet. */
    long stride() throws IOException {
        Optional<byte[]> bytes = FileIo.readSmallIfPresent(dir, UploadFiles.STRIDE, STRIDE_LIMIT_BYTES);
        if (bytes.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(new String(bytes.get(), java.nio.charset.StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw new IOException("damaged stride in " + dir.path(), e);
        }
    }

    /** How the upload ended, where it has. */
    public Optional<UploadOutcome> outcome() throws IOException {
        Optional<byte[]> bytes = FileIo.readSmallIfPresent(dir, UploadFiles.OUTCOME, DOCUMENT_LIMIT_BYTES);
        return bytes.isEmpty() ? Optional.empty() : Optional.of(UploadJson.outcome(bytes.get()));
    }

    /** {@link #outcome()}, durable: who wrote it may have died before it was, and an answer must not say what may be lost. */
    public Optional<UploadOutcome> durableOutcome() throws IOException {
        Optional<UploadOutcome> outcome = outcome();
        if (outcome.isPresent()) {
            FileIo.fsync(dir);
        }
        return outcome;
    }

    /** The completion that is under way, where one is. */
    public Optional<Attempt> attempt() throws IOException {
        Optional<byte[]> bytes = FileIo.readSmallIfPresent(dir, UploadFiles.COMPLETING, DOCUMENT_LIMIT_BYTES);
        return bytes.isEmpty() ? Optional.empty() : Optional.of(UploadJson.attempt(bytes.get()));
    }

    /** What was sent to the key's owner for the completion under way, where something may have been. */
    public Optional<SentAttempt> sent() throws IOException {
        Optional<byte[]> bytes = FileIo.readSmallIfPresent(dir, UploadFiles.SENT, DOCUMENT_LIMIT_BYTES);
        return bytes.isEmpty() ? Optional.empty() : Optional.of(UploadJson.sent(bytes.get()));
    }

    /** A part whose record is prepared. */
    public record Prepared(PartNumber number, UploadId partId) {}

    /**
     * Commits prepared parts, durably, in this order; a later one of a number replaces an earlier one.
     *
     * @return in the same order: the committed record, or empty where nothing of that name is prepared (withdrawn). A part
     *     committed before is found again, also where it was named before in this very list
     */
    public List<Optional<PartRecord>> commit(List<Prepared> parts) throws IOException {
        PartIndex index = PartIndex.of(dir);
        Map<PartNumber, UploadFiles.PartName> newest = new HashMap<>(index.newest());
        Map<UploadId, UploadFiles.PartName> committed = new HashMap<>(index.byId());
        int sequence = index.lastSequence();
        List<Optional<PartRecord>> results = new ArrayList<>(parts.size());
        List<UploadFiles.PartName> replaced = new ArrayList<>();
        for (Prepared p : parts) {
            UploadFiles.PartName name = committed.get(p.partId());
            if (name == null) {
                name = new UploadFiles.PartName(p.number(), ++sequence, p.partId());
                if (!renameIfPresent(UploadFiles.prepared(p.partId()), name.file())) {
                    results.add(Optional.empty());
                    continue;
                }
                committed.put(p.partId(), name);
                UploadFiles.PartName old = newest.put(p.number(), name);
                if (old != null) {
                    replaced.add(old);
                }
            }
            results.add(Optional.of(read(name)));
        }
        FileIo.fsync(dir);
        for (UploadFiles.PartName old : replaced) {
            forget(old);
        }
        return results;
    }

    /** Frees a replaced part's own file. One in the base file keeps its slot and its record. */
    private void forget(UploadFiles.PartName old) throws IOException {
        if (!read(old).inBase()) {
            FileIo.unlinkIfPresent(dir, UploadFiles.ownData(old.partId()));
            FileIo.unlinkIfPresent(dir, old.file());
        }
    }

    private boolean renameIfPresent(String from, String to) throws PosixException {
        try {
            FileIo.rename(dir, from, dir, to, Posix.RENAME_NOREPLACE);
            return true;
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** The newest record of every part number, by number. */
    public NavigableMap<PartNumber, PartRecord> parts() throws IOException {
        return parts(Map.of());
    }

    /**
     * {@link #parts()}, without reading again what was read before.
     *
     * @param known records of this upload by part id: a committed record never changes, it only goes
     */
    public NavigableMap<PartNumber, PartRecord> parts(Map<UploadId, PartRecord> known) throws IOException {
        return look(index -> {
            NavigableMap<PartNumber, PartRecord> parts = new TreeMap<>();
            for (UploadFiles.PartName name : index.newest().values()) {
                PartRecord record = known.get(name.partId());
                parts.put(name.number(), record != null ? record : read(name));
            }
            return parts;
        });
    }

    /**
     * A page of the newest records.
     *
     * @param after part numbers above this only
     */
    public List<PartRecord> parts(int after, int max) throws IOException {
        return look(index -> {
            List<UploadFiles.PartName> names = index.newest().values().stream()
                    .filter(n -> n.number().value() > after)
                    .sorted(java.util.Comparator.comparing(UploadFiles.PartName::number))
                    .limit(max)
                    .toList();
            List<PartRecord> page = new ArrayList<>(names.size());
            for (UploadFiles.PartName name : names) {
                page.add(read(name));
            }
            return page;
        });
    }

    /** Reads what an index names. */
    @FunctionalInterface
    private interface Look<T> {
        T at(PartIndex index) throws IOException;
    }

    /** Looks, and again where a record that was indexed has been replaced, and so removed, before it was read. */
    private <T> T look(Look<T> look) throws IOException {
        for (int round = 1; ; round++) {
            try {
                return look.at(PartIndex.of(dir));
            } catch (PosixException e) {
                if (e.errno() != Errno.ENOENT || round == MAX_LOOKS) {
                    throw e;
                }
            }
        }
    }

    private PartRecord read(UploadFiles.PartName name) throws IOException {
        PartRecord record = UploadJson.part(FileIo.readSmall(dir, name.file(), RECORD_LIMIT_BYTES));
        if (!record.partId().equals(name.partId()) || !record.number().equals(name.number())) {
            throw new IOException(dir.path() + "/" + name.file() + " holds another part's record");
        }
        return record;
    }

    /** Claims of slots that have been made. */
    List<PartNumber> claims() throws PosixException {
        return PartIndex.of(dir).claims();
    }

    /** Whether a part is prepared that is not committed: it may be yet, until it is withdrawn. */
    boolean hasPrepared() throws PosixException {
        return PartIndex.of(dir).prepared();
    }

    /** Leaves a request's list of parts for the upload's session. Not synced: it matters for one request only. */
    public void leaveList(UploadId id, List<CompletionPlan.Listed> parts) throws PosixException {
        FileIo.createSmall(dir, UploadFiles.list(id), FILE_MODE, PartList.encode(parts))
                .close();
    }

    /** A list that was left; empty where it is gone, its request having ended. */
    public Optional<List<CompletionPlan.Listed>> list(UploadId id) throws IOException {
        Optional<byte[]> bytes = FileIo.readSmallIfPresent(dir, UploadFiles.list(id), PartList.LIMIT_BYTES);
        return bytes.isEmpty() ? Optional.empty() : Optional.of(PartList.decode(bytes.get()));
    }

    /** Its request has ended. */
    public void dropList(UploadId id) throws PosixException {
        FileIo.unlinkIfPresent(dir, UploadFiles.list(id));
    }

    /**
     * Marks that a completion begins, durably: from now on the base file gets no new writer.
     *
     * @param unique for a name used once
     */
    public void begin(Attempt attempt, UploadId unique) throws PosixException {
        replace(UploadFiles.COMPLETING, UploadJson.encode(attempt), unique);
    }

    /** Marks, durably, that the completion's mutation is about to be sent. */
    public void markSent(SentAttempt sent, UploadId unique) throws PosixException {
        replace(UploadFiles.SENT, UploadJson.encode(sent), unique);
    }

    /** The completion certainly did not happen: the upload takes parts again. Durable. */
    public void reopen() throws PosixException {
        FileIo.unlinkIfPresent(dir, UploadFiles.SENT);
        FileIo.fsync(dir);
        FileIo.unlinkIfPresent(dir, UploadFiles.COMPLETING);
        FileIo.fsync(dir);
    }

    /** The upload has ended so: recorded durably. Its parts stay until they are freed. */
    public void end(UploadOutcome outcome, UploadId unique) throws PosixException {
        replace(UploadFiles.OUTCOME, UploadJson.encode(outcome), unique);
    }

    /** Frees the parts of an upload that has ended, but not its record. Takes a time that grows with their number. */
    public void free() throws PosixException {
        // The outcome is durable before the marks go, whoever wrote it: a power cut that took it back, and not their
        // removal, would leave an open upload whose base file is the object.
        FileIo.fsync(dir);
        for (DirEntry e : FileIo.list(dir)) {
            if (!UploadFiles.isKept(e.name())) {
                FileIo.unlinkIfPresent(dir, e.name());
            }
        }
    }

    private void replace(String name, byte[] bytes, UploadId unique) throws PosixException {
        FileIo.replaceDurably(dir, name, UploadFiles.fresh(name, unique), FILE_MODE, bytes);
    }

    @Override
    public void close() {
        if (lock != null) {
            lock.close();
        }
        dir.close();
    }
}
