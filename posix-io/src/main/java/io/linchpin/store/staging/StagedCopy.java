package io.linchpin.store.staging;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.PosixException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ways to copy a range of a file, from the cheapest to the one that always works. */
final class StagedCopy {
    /** Bytes a copy_file_range call, so that write-back begins in time and no call takes long. */
    private static final long KERNEL_CHUNK_BYTES = 8L << 20;

    private static final int BUFFER_BYTES = 256 << 10;

    /** Takes bytes that were copied in the kernel, by their number. */
    interface Progress {
        void copied(long bytes) throws PosixException;
    }

    /** Takes bytes. */
    interface Sink {
        void accept(ByteBuffer bytes) throws PosixException;
    }

    private final StagingSettings settings;
    private final Fd source;
    private final long offset;
    private final long length;

    StagedCopy(StagingSettings settings, Fd source, long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("range " + offset + " + " + length);
        }
        this.settings = settings;
        this.source = source;
        this.offset = offset;
        this.length = length;
    }

    /** Shares or copies as much as the kernel will: the number of bytes, perhaps 0. */
    long inKernel(Fd target, long at, Progress progress) throws PosixException {
        if (length == 0) {
            return 0;
        }
        if (settings.reflink()) {
            int result = source.posix().ficlonerange(source.number(), offset, length, target.number(), at);
            if (result == 0) {
                progress.copied(length);
                return length;
            }
            failIfGrave(result, "ficlonerange");
        }
        long done = 0;
        while (settings.copyFileRange() && done < length) {
            long chunk = Math.min(KERNEL_CHUNK_BYTES, length - done);
            long result =
                    source.posix().copyFileRange(source.number(), offset + done, target.number(), at + done, chunk);
            // 0 is the end of the source, or a filesystem that cannot and does not say so: reading will tell.
            if (result <= 0) {
                failIfGrave(result, "copy_file_range");
                break;
            }
            done += result;
            progress.copied(result);
        }
        return done;
    }

    /** What no other way of copying would mend. The rest (EXDEV, EINVAL, EOPNOTSUPP, …) says: not in this way. */
    private void failIfGrave(long result, String call) throws PosixException {
        switch ((int) -result) {
            case Errno.EIO, Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG, Errno.ESTALE ->
                throw new PosixException((int) -result, call, source.path());
            default -> {}
        }
    }

    /** Reads the range from {@code from} bytes on into the sink: the number of bytes, fewer where the source ends. */
    long readWrite(long from, @Nullable Consumer<ByteBuffer> digest, Sink sink) throws PosixException {
        long done = from;
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, length - from));
        while (done < length) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), length - done));
            long read = FileIo.readFully(source, buffer, offset + done);
            if (read == 0) {
                break;
            }
            buffer.flip();
            if (digest != null) {
                digest.accept(buffer.asReadOnlyBuffer());
            }
            sink.accept(buffer);
            done += read;
        }
        return done - from;
    }

    /** Shows staged bytes to a digest: those of our own file, which nobody changes. */
    static void readBack(Fd target, long at, long bytes, Consumer<ByteBuffer> digest) throws PosixException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, bytes));
        for (long done = 0; done < bytes; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), bytes - done));
            long read = FileIo.readFully(target, buffer, at + done);
            if (read == 0) {
                throw new PosixException(Errno.EIO, "pread", target.path());
            }
            done += read;
            digest.accept(buffer.flip());
        }
    }
}
