package io.linchpin.store.layout;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import java.nio.file.Path;

/**
 * The root directory, opened once. Everything below it is reached through this descriptor, with {@link #BENEATH}: no
 * symlink is followed and nothing leads out.
 */
public final class StoreRoot implements AutoCloseable {
    /** How every path below the root is resolved. */
    public static final long BENEATH = Fd.BENEATH;

    private final Posix posix;
    private final Path path;
    private final int fd;
    private volatile boolean syncFailed;

    private StoreRoot(Posix posix, Path path, int fd) {
        this.posix = posix;
        this.path = path;
        this.fd = fd;
    }

    public static StoreRoot open(Posix posix, Path path) throws PosixException {
        int flags = Posix.O_RDONLY | Posix.O_DIRECTORY;
        int fd = PosixException.check(
                posix.openat2(Posix.AT_FDCWD, path.toString(), flags, 0, 0), "openat2", path.toString());
        return new StoreRoot(posix, path, fd);
    }

    public Posix posix() {
        return posix;
    }

    /** The path that was opened: for messages, never for access. */
    public Path path() {
        return path;
    }

    public int fd() {
        return fd;
    }

    /** Opens a directory below the root; a negated errno otherwise. */
    public int openDirectory(String relative) {
        return posix.openat2(fd, relative, Posix.O_RDONLY | Posix.O_DIRECTORY, 0, BENEATH);
    }

    /** Makes the root's own entries durable: the buckets' directories. */
    public void sync() throws PosixException {
        int synced = posix.fsync(fd);
        if (synced < 0) {
            syncFailed = true;
        }
        PosixException.check(synced, "fsync", path.toString());
    }

    /**
     * Whether {@link #sync} has ever failed. Entries made before that may be lost although the next sync succeeds, for the kernel
     * tells of a failure once.
     */
    public boolean hasFailedToSync() {
        return syncFailed;
    }

    /** Makes the entries of a directory below the root durable; where it is absent there is nothing to lose. */
    public void sync(String directory) throws PosixException {
        int opened = openDirectory(directory);
        if (opened != -Errno.ENOENT) {
            try (Fd dir = Fd.adopt(posix, PosixException.check(opened, "openat2", directory), directory)) {
                FileIo.fsync(dir);
            }
        }
    }

    @Override
    public void close() {
        posix.close(fd);
    }
}
