package io.linchpin.store.staging;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarCodec;
import io.linchpin.store.value.UploadId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One upload on its way in: bytes are appended, then it is finished, then given away. Whatever else happens is an abort.
 *
 * <pre>
 *            finish         giveAway
 *   WRITING --------> STAGED -------> GIVEN     nothing here touches the files again
 *      |                |
 *      +----------------+--- close, or any failure ---> ENDED    both files are unlinked
 * </pre>
 *
 * <p>Up to the inline limit the bytes are held in memory, so that a small upload costs one openat2, one pwrite and one
 * close a file, and one that is refused early costs nothing. Beyond it they go to the file as they come, and after each
 * MiB the kernel is asked to begin writing it back, so that the sync at the end has little to wait for.
 *
 * <p>Calls may come from different threads, one after the other; {@link #close} may come at any time.
 */
public final class StagedUpload implements AutoCloseable {
    private enum State {
        WRITING,
        STAGED,
        GIVEN,
        ENDED
    }

    private static final int MODE = 0600;
    private static final int MIB = 1 << 20;

    /** From this size on, blocks are allocated before the first byte: one extent, and ENOSPC at once. */
    private static final long PREALLOCATE_FROM_BYTES = 8L * MIB;

    /** Up to this size the bytes are kept for an owner in this process: a thousand uploads keep 16 MiB. */
    private static final int KEPT_BYTES = 16 * 1024;

    private final Staging staging;
    private final UploadId id;
    private final long expectedSize;
    private State state = State.WRITING;
    private byte[] held;
    private long size;
    private long writebackBegun;
    private long admittedBytes;
    private long takenBytes;
    private @Nullable Fd data;
    private @Nullable Sidecar kept;
    private boolean dataMade;
    private boolean sidecarMade;
    /**
     * A descriptor of the directory that is this upload's alone, opened before its entries are made: a failed write-back
     * is reported once to each open file description, so on a shared one another upload's fsync could take our error.
     */
    private @Nullable Fd ownDirectory;

    StagedUpload(Staging staging, UploadId id, long expectedSizeOrMinusOne) throws PosixException {
        if (expectedSizeOrMinusOne < -1) {
            throw new IllegalArgumentException("expected size " + expectedSizeOrMinusOne);
        }
        this.staging = staging;
        this.id = id;
        this.expectedSize = expectedSizeOrMinusOne;
        long expected = Math.max(expectedSizeOrMinusOne, 0);
        staging.space().admit(expected, 2);
        this.admittedBytes = expected;
        this.held = new byte[expected <= staging.settings().inlineLimitBytes() ? (int) expected : 0];
    }

    public UploadId id() {
        return id;
    }

    /** Bytes appended. */
    public synchronized long size() {
        return size;
    }

    /** Appends all that remains in the buffer. After a failure the upload has ended and left nothing. */
    public synchronized void write(ByteBuffer bytes) throws PosixException {
        require(State.WRITING);
        int length = bytes.remaining();
        try {
            admit(length);
            if (isHeld(length)) {
                hold(bytes);
            } else {
                Fd file = data == null ? spill(true) : data;
                FileIo.writeFully(file, bytes, size);
                advance(length);
            }
        } catch (PosixException e) {
            abort();
            throw e;
        }
    }

    /**
     * Appends a range of another file, by sharing its blocks or copying in the kernel where settings and filesystem
     * allow it. After a failure the upload has ended and left nothing.
     *
     * @param digest sees every byte as it was staged, in order; null where nobody needs to
     * @return bytes appended: fewer than {@code length} only where the source ends before
     */
    public synchronized long stageCopy(Fd source, long offset, long length, @Nullable Consumer<ByteBuffer> digest)
            throws PosixException {
        require(State.WRITING);
        try {
            admit(length);
            StagedCopy copy = new StagedCopy(staging.settings(), source, offset, length);
            if (isHeld(length)) {
                return copy.readWrite(0, digest, this::hold);
            }
            Fd target = data == null ? spill(false) : data;
            long begin = size;
            long inKernel = copy.inKernel(target, begin, this::advance);
            if (digest != null) {
                StagedCopy.readBack(target, begin, inKernel, digest);
            }
            return inKernel
                    + copy.readWrite(inKernel, digest, bytes -> {
                        int n = bytes.remaining();
                        FileIo.writeFully(target, bytes, size);
                        advance(n);
                    });
        } catch (PosixException e) {
            abort();
            throw e;
        }
    }

    /**
     * Stages the data, and the sidecar beside it where it is staged at all. Above the inline limit data, sidecar and their names are durable when this
     * returns. A failed sync fails this upload and is never tried again: the kernel may have dropped what it could not
     * write.
     *
     * @throws IllegalStateException where the sidecar, or the size that was expected, is not that of the bytes appended
     */
    public synchronized StagedPair finish(Sidecar sidecar) throws PosixException {
        require(State.WRITING);
        if (sidecar.size() != size || (expectedSize >= 0 && expectedSize != size)) {
            abort();
            throw new IllegalStateException("staged " + size + " bytes, not " + sidecar.size() + " or " + expectedSize);
        }
        byte[] document = SidecarCodec.encode(sidecar);
        boolean durable = size > staging.settings().inlineLimitBytes();
        try {
            Fd file = data == null ? makeSmall() : data;
            long inode = FileIo.stat(file).inode;
            Fd directory = ownDirectory == null ? staging.directory() : ownDirectory;
            if (StagedPair.isSidecarStaged(durable, document.length)) {
                stageSidecar(directory, document, durable);
            }
            if (durable) {
                FileIo.fdatasync(file);
                FileIo.fsync(directory);
            }
            if (isKept(document)) {
                kept = sidecar;
            } else {
                closeFiles();
            }
            state = State.STAGED;
            return new StagedPair(id, staging.incarnation(), inode, size, durable, document);
        } catch (PosixException e) {
            abort();
            throw e;
        }
    }

    /** Whether the file stays open and its bytes in memory until the pair is given away. */
    private boolean isKept(byte[] document) {
        return size <= Math.min(KEPT_BYTES, staging.settings().inlineLimitBytes())
                && !StagedPair.isSidecarStaged(false, document.length);
    }

    private void stageSidecar(Fd directory, byte[] document, boolean durable) throws PosixException {
        try (Fd meta = create(directory, Names.stagedSidecar(id))) {
            sidecarMade = true;
            FileIo.writeFully(meta, ByteBuffer.wrap(document), 0);
            if (durable) {
                FileIo.fdatasync(meta);
            }
        }
    }

    /**
     * To be called before the pair is sent to the owner of its key: from here on the files are the owner's, and this
     * upload never touches them again, whatever becomes of the message.
     */
    public synchronized void giveAway() {
        OpenPair open = giveAwayOpen();
        if (open != null) {
            open.close();
        }
    }

    /**
     * {@link #giveAway}, with what is open of a small pair, for the first message to its owner.
     *
     * @return to be closed by the caller once the message is answered; null where nothing is open any more
     */
    public synchronized @Nullable OpenPair giveAwayOpen() {
        require(State.STAGED);
        state = State.GIVEN;
        releaseSpace();
        if (kept == null || data == null) {
            return null;
        }
        OpenPair open = new OpenPair(data, held.length == size ? held : Arrays.copyOf(held, (int) size), kept);
        data = null;
        closeFiles();
        return open;
    }

    /** Aborts, unless given away. What cannot be unlinked is left to the sweep of this incarnation's leftovers. */
    @Override
    public synchronized void close() {
        if (state == State.WRITING || state == State.STAGED) {
            abort();
        }
    }

    private void require(State expected) {
        if (state != expected) {
            throw new IllegalStateException("upload " + id + " is " + state + ", not " + expected);
        }
    }

    private void admit(long more) throws PosixException {
        long missing = size + more - admittedBytes;
        if (missing > 0) {
            // Of unknown length: asked for by the MiB, so that not every write asks.
            long ask = Math.max(missing, MIB);
            staging.space().admit(ask, 0);
            admittedBytes += ask;
        }
    }

    /** Whether so many more bytes stay in memory. */
    private boolean isHeld(long more) {
        int limit = staging.settings().inlineLimitBytes();
        return data == null && size + more <= limit && expectedSize <= limit;
    }

    private void hold(ByteBuffer bytes) {
        int length = bytes.remaining();
        int needed = (int) size + length;
        if (needed > held.length) {
            int doubled = Math.max(needed, Math.max(8192, held.length * 2));
            held = Arrays.copyOf(held, Math.min(doubled, staging.settings().inlineLimitBytes()));
        }
        bytes.get(held, (int) size, length);
        size = needed;
    }

    /** Makes the file of data that is above the inline limit, and writes what was held. */
    private Fd spill(boolean preallocate) throws PosixException {
        ownDirectory = staging.openDirectory();
        Fd file = create(ownDirectory, Names.stagedData(id));
        data = file;
        dataMade = true;
        if (preallocate && expectedSize >= PREALLOCATE_FROM_BYTES) {
            preallocate(file);
        }
        flush(file);
        held = new byte[0];
        return file;
    }

    private Fd makeSmall() throws PosixException {
        Fd file = create(staging.directory(), Names.stagedData(id));
        data = file;
        dataMade = true;
        flush(file);
        return file;
    }

    private void flush(Fd file) throws PosixException {
        if (size > 0) {
            FileIo.writeFully(file, ByteBuffer.wrap(held, 0, (int) size), 0);
            long flushed = size;
            size = 0;
            advance(flushed);
        }
    }

    private Fd create(Fd directory, String name) throws PosixException {
        return directory.open(name, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL, MODE);
    }

    private void preallocate(Fd file) throws PosixException {
        int result = file.posix().fallocate(file.number(), Posix.FALLOC_FL_KEEP_SIZE, 0, expectedSize);
        if (result == 0) {
            staging.space().taken(expectedSize - takenBytes);
            takenBytes = expectedSize;
        } else if (result == -Errno.ENOSPC
                || result == -Errno.EDQUOT
                || result == -Errno.EIO
                || result == -Errno.EFBIG) {
            throw new PosixException(-result, "fallocate", file.path());
        }
        // Any other error: this filesystem cannot, and writing will do.
    }

    /** Counts bytes that are in the file, and begins the write-back of each MiB that is whole. */
    private void advance(long bytes) throws PosixException {
        size += bytes;
        if (size > takenBytes) {
            staging.space().taken(size - takenBytes);
            takenBytes = size;
        }
        long whole = size - size % MIB;
        if (whole > writebackBegun && data != null) {
            int result = data.posix()
                    .syncFileRange(data.number(), writebackBegun, whole - writebackBegun, Posix.SYNC_FILE_RANGE_WRITE);
            if (result == -Errno.EIO || result == -Errno.ENOSPC || result == -Errno.EDQUOT) {
                throw new PosixException(-result, "sync_file_range", data.path());
            }
            // Any other error: this filesystem cannot, and the sync at the end does it all.
            writebackBegun = whole;
        }
    }

    private void abort() {
        state = State.ENDED;
        Fd directory = staging.directory();
        closeFiles();
        if (dataMade) {
            directory.posix().unlinkat(directory.number(), Names.stagedData(id), 0);
        }
        if (sidecarMade) {
            directory.posix().unlinkat(directory.number(), Names.stagedSidecar(id), 0);
        }
        releaseSpace();
    }

    private void closeFiles() {
        if (data != null) {
            data.close();
            data = null;
        }
        if (ownDirectory != null) {
            ownDirectory.close();
            ownDirectory = null;
        }
        held = new byte[0];
    }

    private void releaseSpace() {
        staging.space().release(admittedBytes - takenBytes);
        admittedBytes = takenBytes;
    }
}
