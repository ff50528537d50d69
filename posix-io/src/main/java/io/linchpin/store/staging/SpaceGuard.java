package io.linchpin.store.staging;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FsStat;
import io.linchpin.posix.PosixException;
import java.util.function.LongSupplier;

/**
 * Keeps the last bytes and inodes of a filesystem from uploads, so that a full disk is met here and never by the journal
 * or by publishing.
 *
 * <p>What fstatfs said is used for {@value #CACHED_NANOS} ns. What was admitted since and is not on the disk yet is
 * counted besides, so that many uploads at once cannot all be promised the same bytes.
 */
final class SpaceGuard {
    private static final long CACHED_NANOS = 100_000_000;

    private final Fd directory;
    private final StagingSettings settings;
    private final LongSupplier nanoTime;
    private final FsStat stat = new FsStat();
    private boolean known;
    private long knownAtNanos;
    /** Admitted, and not yet taken from the filesystem. */
    private long promisedBytes;
    /** Taken since fstatfs was last asked: it may not have counted them. */
    private long takenBytes;

    private long takenFiles;

    SpaceGuard(Fd directory, StagingSettings settings, LongSupplier nanoTime) {
        this.directory = directory;
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /**
     * Promises room for so many more bytes and files.
     *
     * @throws PosixException with ENOSPC where the reserve would be touched: then nothing is promised
     */
    synchronized void admit(long bytes, int files) throws PosixException {
        long now = nanoTime.getAsLong();
        if (!known || now - knownAtNanos >= CACHED_NANOS) {
            int result = directory.posix().fstatfs(directory.number(), stat);
            PosixException.check(result, "fstatfs", directory.path());
            known = true;
            knownAtNanos = now;
            takenBytes = 0;
            takenFiles = 0;
        }
        long free = stat.bytesAvailable() - promisedBytes - takenBytes;
        // Compared so that a length near Long.MAX_VALUE cannot overflow.
        boolean bytesShort = free < settings.reserveBytes() || bytes > free - settings.reserveBytes();
        // Filesystems without a table of inodes (btrfs) say 0 of 0.
        boolean filesShort = stat.files > 0 && stat.filesFree - takenFiles - files < settings.reserveInodes();
        if ((files > 0 && filesShort) || bytesShort) {
            throw new PosixException(Errno.ENOSPC, "reserve", directory.path());
        }
        promisedBytes += bytes;
        takenFiles += files;
    }

    /** So many promised bytes are the filesystem's to count now. */
    synchronized void taken(long bytes) {
        promisedBytes -= bytes;
        takenBytes += bytes;
    }

    /** So many promised bytes will not be needed. */
    synchronized void release(long bytes) {
        promisedBytes -= bytes;
    }

    synchronized long promisedBytes() {
        return promisedBytes;
    }
}
