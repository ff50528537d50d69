package io.linchpin.store.multipart;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FsStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.staging.StagingSettings;
import java.nio.ByteBuffer;

/**
 * Copies a range of one file into another by the cheapest way that the filesystem has: shared blocks (FICLONERANGE), a copy
 * inside the kernel (copy_file_range), or reading and writing.
 *
 * @param inKernel whether copy_file_range may be called: some NFS servers hang on it
 * @param reserveBytes free bytes that copies leave to the journal and to publishing, as uploads do; shared blocks take none
 */
public record RangeCopy(boolean inKernel, long reserveBytes) {
    private static final int BUFFER_BYTES = 1 << 20;

    /** With the reserve of uploads. */
    public RangeCopy(boolean inKernel) {
        this(inKernel, StagingSettings.DEFAULT.reserveBytes());
    }

    /**
     * Copies exactly so many bytes.
     *
     * @throws PosixException EIO where the source ends before; ENOSPC where the reserve would be touched
     */
    public void copy(Fd from, long fromOffset, Fd to, long toOffset, long lengthBytes) throws PosixException {
        if (lengthBytes == 0) {
            return;
        }
        Posix posix = from.posix();
        // Refused unless offsets and length fit the filesystem's blocks; then nothing was done.
        if (posix.ficlonerange(from.number(), fromOffset, lengthBytes, to.number(), toOffset) == 0) {
            return;
        }
        leaveReserve(to, lengthBytes);
        long done = 0;
        boolean kernel = inKernel;
        ByteBuffer buffer = null;
        while (done < lengthBytes) {
            long left = lengthBytes - done;
            if (kernel) {
                long copied = posix.copyFileRange(from.number(), fromOffset + done, to.number(), toOffset + done, left);
                if (copied < 0 && isUnsupported((int) -copied)) {
                    kernel = false;
                    continue;
                }
                done += progress(PosixException.check(copied, "copy_file_range", from.path()), from);
            } else {
                if (buffer == null) {
                    buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER_BYTES, left));
                }
                done += shuttle(buffer, from, fromOffset + done, to, toOffset + done, left);
            }
        }
    }

    private void leaveReserve(Fd to, long lengthBytes) throws PosixException {
        FsStat disk = new FsStat();
        PosixException.check(to.posix().fstatfs(to.number(), disk), "fstatfs", to.path());
        if (disk.bytesAvailable() - reserveBytes < lengthBytes) {
            throw new PosixException(Errno.ENOSPC, "reserve", to.path());
        }
    }

    private static long shuttle(ByteBuffer buffer, Fd from, long fromOffset, Fd to, long toOffset, long left)
            throws PosixException {
        buffer.clear().limit((int) Math.min(buffer.capacity(), left));
        long read = progress(
                PosixException.check(from.posix().pread(from.number(), buffer, fromOffset), "pread", from.path()),
                from);
        buffer.flip();
        io.linchpin.posix.FileIo.writeFully(to, buffer, toOffset);
        return read;
    }

    private static long progress(long bytes, Fd from) throws PosixException {
        if (bytes == 0) {
            throw new PosixException(Errno.EIO, "copy: file shorter than its record says", from.path());
        }
        return bytes;
    }

    private static boolean isUnsupported(int errno) {
        return errno == Errno.EINVAL || errno == Errno.ENOSYS || errno == Errno.EOPNOTSUPP || errno == Errno.EXDEV;
    }
}
