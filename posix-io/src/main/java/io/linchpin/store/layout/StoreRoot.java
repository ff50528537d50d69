package io.linchpin.store.layout;

import io.linchpin.posix.Fd;
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

    @Override
    public void close() {
        posix.close(fd);
    }
}
