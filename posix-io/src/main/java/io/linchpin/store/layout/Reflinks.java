package io.linchpin.store.layout;

import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.PosixException;
import io.linchpin.store.value.UploadId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether the filesystem clones ranges of files (FICLONERANGE): tried once, when first asked. */
public final class Reflinks {
    /** A multiple of every usual block size. */
    private static final int BYTES = 64 << 10;

    private final StoreRoot root;
    private final Supplier<UploadId> ids;
    private @Nullable Boolean supported;

    /** @param ids names for temporary files, never the same one twice */
    public Reflinks(StoreRoot root, Supplier<UploadId> ids) {
        this.root = root;
        this.ids = ids;
    }

    /**
     * Whether ranges can be cloned.
     *
     * @throws PosixException where the trial could not be made; the next call tries again
     */
    public synchronized boolean supported() throws PosixException {
        if (supported == null) {
            supported = trial();
        }
        return supported;
    }

    private boolean trial() throws PosixException {
        byte[] pattern = new byte[BYTES];
        Arrays.fill(pattern, (byte) 'x');
        try (ProbeDirectory directory = ProbeDirectory.make(root, ids.get());
                Fd from = FileIo.createSmall(directory.fd(), "from", 0600, pattern);
                Fd to = directory.create("to")) {
            if (root.posix().ficlonerange(from.number(), 0, BYTES, to.number(), 0) < 0) {
                return false;
            }
            byte[] copy = new byte[BYTES];
            return FileIo.readFully(to, ByteBuffer.wrap(copy), 0) == BYTES && Arrays.equals(pattern, copy);
        }
    }
}
