package io.linchpin.store.multipart;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A part on its way to the disk: in its slot of the base file, or in a file of its own. All methods block. Calls
 * may come from different threads, one after the other; {@link #close} may come at any time, and waits for the call under
 * way: a slot whose claim says that it has ended must not be written to any more, and no descriptor be closed under a
 * call that uses its number. Owns the upload's directory that it was opened on.
 *
 * <p>The rules that keep bytes apart:
 *
 * <ol>
 *   <li>A slot is written only by who made its claim file (O_EXCL), so by one writer ever.
 *   <li>The claim comes first, the look for a completion second; a completion puts its mark first and looks at the claims
 *       second. So either the writer sees the mark and stays out of the base file, or the completion sees the claim.
 *   <li>Claim and stride are durable before the part's record can be committed, so that no power cut leaves a record whose
 *       slot could be claimed again, or meant another place.
 *   <li>The part's record comes first, the end of its claim second; a completion looks at the claims first and for records
 *       that are prepared second. So where all claims have ended, what may yet be committed is seen, and its slot left alone.
 * </ol>
 */
public final class PartFile implements AutoCloseable {
    /** What a claim says when its slot will never be written to again. */
    static final byte[] ENDED = "ended\n".getBytes(StandardCharsets.US_ASCII);

    /** Write-back starts as the bytes come, so that the sync at the end finds little to do. */
    private static final long WRITE_BACK_BYTES = 1 << 20;

    /**
     * Where parts go.
     *
     * @param minStrideBytes smaller parts set no stride (S3 allows them as the last part only); 1 or more
     * @param strideUnitBytes a part other than the first sets the stride only where its size is a multiple of this: another
     *     size may be that of the last part, and fits no stride
     * @param maxBaseBytes parts that would end beyond this go to files of their own: the filesystem's greatest file size,
     *     or less
     */
    public record Limits(long minStrideBytes, long strideUnitBytes, long maxBaseBytes) {
        /** 5 MiB; 1 MiB; 4 TiB, the least that ext4 allows a file, and a little less. */
        public static final Limits DEFAULT = new Limits(5L << 20, 1L << 20, (4L << 40) - (1L << 20));
    }

    private final UploadDirectory upload;
    private final Fd data;
    private final @Nullable Fd claim;
    private final PartNumber number;
    private final UploadId partId;
    private final long sizeBytes;
    private final long offset;
    private long written;
    private long writtenBack;
    private boolean prepared;
    private boolean closed;

    private PartFile(
            UploadDirectory upload,
            Fd data,
            @Nullable Fd claim,
            PartNumber number,
            UploadId partId,
            long sizeBytes,
            long offset) {
        this.upload = upload;
        this.data = data;
        this.claim = claim;
        this.number = number;
        this.partId = partId;
        this.sizeBytes = sizeBytes;
        this.offset = offset;
    }

    /**
     * Finds the part its place.
     *
     * @param upload taken over: closed with the part, or here when this fails
     * @param sizeBytes exactly how many bytes will come
     * @param ids names never used before
     * @throws PosixException with ENOENT where the upload has been removed meanwhile
     */
    public static PartFile open(
            UploadDirectory upload,
            Incarnation self,
            PartNumber number,
            long sizeBytes,
            Limits limits,
            Supplier<UploadId> ids)
            throws IOException {
        boolean done = false;
        try {
            UploadId partId = ids.get();
            long stride = strideFor(upload, number, sizeBytes, limits, ids);
            PartFile part = null;
            if (stride > 0 && sizeBytes > 0 && sizeBytes <= stride) {
                long at = (number.value() - 1L) * stride;
                if (at <= limits.maxBaseBytes() - sizeBytes) {
                    part = openSlot(upload, self, number, partId, sizeBytes, at);
                }
            }
            if (part == null) {
                int flags = Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL;
                Fd own = upload.dir().open(UploadFiles.ownData(partId), flags, UploadDirectory.FILE_MODE);
                part = new PartFile(upload, own, null, number, partId, sizeBytes, 0);
            }
            done = true;
            return part;
        } finally {
            if (!done) {
                upload.close();
            }
        }
    }

    /** The upload's stride; set here where it is not yet and this part may. */
    private static long strideFor(
            UploadDirectory upload, PartNumber number, long sizeBytes, Limits limits, Supplier<UploadId> ids)
            throws IOException {
        long stride = upload.stride();
        boolean maySet = number.value() == 1 || sizeBytes % limits.strideUnitBytes() == 0;
        if (stride > 0 || !maySet || sizeBytes < limits.minStrideBytes() || upload.isFrozen()) {
            return stride;
        }
        Fd dir = upload.dir();
        String fresh = UploadFiles.fresh(UploadFiles.STRIDE, ids.get());
        byte[] text = Long.toString(sizeBytes).getBytes(StandardCharsets.US_ASCII);
        try (Fd file = FileIo.createSmall(dir, fresh, UploadDirectory.FILE_MODE, text)) {
            FileIo.fdatasync(file);
        }
        // A link, not a rename: of two parts that come at once, the first sets the stride and the other takes it.
        int result = dir.posix().linkat(dir.number(), fresh, dir.number(), UploadFiles.STRIDE);
        FileIo.unlinkIfPresent(dir, fresh);
        if (result != -Errno.EEXIST) {
            PosixException.check(result, "linkat", UploadFiles.STRIDE);
        }
        return upload.stride();
    }

    /** The part in its slot; null where the slot is another's, or the base file is frozen. */
    private static @Nullable PartFile openSlot(
            UploadDirectory upload, Incarnation self, PartNumber number, UploadId partId, long sizeBytes, long at)
            throws IOException {
        Fd dir = upload.dir();
        Fd claim;
        try {
            int flags = Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL;
            claim = dir.open(UploadFiles.claim(number), flags, UploadDirectory.FILE_MODE);
        } catch (PosixException e) {
            if (e.errno() == Errno.EEXIST) {
                return null;
            }
            throw e;
        }
        boolean keep = false;
        try {
            FileIo.writeFully(claim, ByteBuffer.wrap((self + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            if (upload.isFrozen()) {
                return null;
            }
            Fd base = dir.open(UploadFiles.BASE, Posix.O_RDWR | Posix.O_CREAT, UploadDirectory.FILE_MODE);
            keep = true;
            return new PartFile(upload, base, claim, number, partId, sizeBytes, at);
        } finally {
            if (!keep) {
                endClaim(claim);
                claim.close();
            }
        }
    }

    /**
     * Best effort: a claim that does not end only makes a completion copy, until this process is gone. The words overwrite
     * bytes that are there, so a full disk does not matter.
     */
    private static void endClaim(Fd claim) {
        try {
            FileIo.writeFully(claim, ByteBuffer.wrap(ENDED), 0);
            claim.posix().ftruncate(claim.number(), ENDED.length);
        } catch (PosixException e) {
            org.slf4j.LoggerFactory.getLogger(PartFile.class).warn("a claim could not be ended: {}", e.getMessage());
        }
    }

    public UploadId partId() {
        return partId;
    }

    public PartNumber number() {
        return number;
    }

    public UploadRecord upload() {
        return upload.record();
    }

    /** Whether the part goes to its slot of the base file. */
    public boolean isInBase() {
        return claim != null;
    }

    /**
     * Appends the remaining bytes.
     *
     * @throws IllegalStateException beyond the announced size, or when closed
     */
    public synchronized void write(ByteBuffer bytes) throws PosixException {
        if (closed || prepared || bytes.remaining() > sizeBytes - written) {
            throw new IllegalStateException("part " + number.value() + " takes no more bytes");
        }
        int length = bytes.remaining();
        FileIo.writeFully(data, bytes, offset + written);
        written += length;
        if (written - writtenBack >= WRITE_BACK_BYTES) {
            // A hint: what it did not do, the sync at the end does.
            Posix posix = data.posix();
            posix.syncFileRange(
                    data.number(), offset + writtenBack, written - writtenBack, Posix.SYNC_FILE_RANGE_WRITE);
            writtenBack = written;
        }
    }

    /**
     * Makes the bytes durable, and the part's record, which the upload's session may then commit.
     *
     * @throws IllegalStateException unless exactly the announced bytes were written
     */
    public synchronized UploadDirectory.Prepared prepare(ETag md5, @Nullable Checksum checksum, Instant now)
            throws IOException {
        if (closed || prepared || written != sizeBytes) {
            throw new IllegalStateException(
                    "part " + number.value() + " has " + written + " of " + sizeBytes + " bytes");
        }
        FileIo.fdatasync(data);
        PartRecord record = new PartRecord(number, partId, sizeBytes, md5, checksum, claim != null, offset, now);
        Fd dir = upload.dir();
        String name = UploadFiles.prepared(partId);
        try (Fd file = FileIo.createSmall(dir, name, UploadDirectory.FILE_MODE, UploadJson.encode(record))) {
            FileIo.fdatasync(file);
        }
        if (claim != null) {
            // Rule 4: not before the record is there.
            endClaim(claim);
        }
        // Rule 3: claim, stride, data file and prepared record, all at once.
        FileIo.fsync(dir);
        prepared = true;
        return new UploadDirectory.Prepared(number, partId);
    }

    /**
     * Takes a prepared record back: true where it certainly was not committed, and never will be; false where it was
     * committed, or the upload is gone.
     */
    public synchronized boolean withdraw() throws PosixException {
        boolean withdrawn = FileIo.unlinkIfPresent(upload.dir(), UploadFiles.prepared(partId));
        if (withdrawn && claim == null) {
            FileIo.unlinkIfPresent(upload.dir(), UploadFiles.ownData(partId));
        }
        return withdrawn;
    }

    /** Unless the record was prepared the part is dropped. Never fails. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!prepared) {
            drop();
        }
        if (claim != null) {
            claim.close();
        }
        data.close();
        upload.close();
    }

    private void drop() {
        Fd dir = upload.dir();
        dir.posix().unlinkat(dir.number(), UploadFiles.prepared(partId), 0);
        if (claim != null) {
            endClaim(claim);
        } else {
            dir.posix().unlinkat(dir.number(), UploadFiles.ownData(partId), 0);
        }
    }
}
