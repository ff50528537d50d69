package io.linchpin.posix;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Owns one open descriptor: closes it once, and refuses to name it afterwards, when the number may already be somebody
 * else's file. The owner closes it only after every call that uses it has returned.
 */
public final class Fd implements AutoCloseable {
    private final Posix posix;
    private final int number;
    private final String path;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Fd(Posix posix, int number, String path) {
        this.posix = posix;
        this.number = number;
        this.path = path;
    }

    /**
     * Opens by openat2.
     *
     * @param dirFd where a relative path starts, or {@link Posix#AT_FDCWD}
     * @param mode permission bits; to be 0 unless {@code flags} create
     * @throws PosixException with openat2's errno
     */
    public static Fd open(Posix posix, int dirFd, String path, int flags, int mode, long resolve)
            throws PosixException {
        int number = PosixException.check(posix.openat2(dirFd, path, flags, mode, resolve), "openat2", path);
        return new Fd(posix, number, path);
    }

    /** Opens a file beneath this directory, no symlink followed anywhere on the way. */
    public Fd open(String relative, int flags, int mode) throws PosixException {
        return open(posix, number(), relative, flags, mode, BENEATH);
    }

    /** Opens a directory beneath this one, for reading, no symlink followed. */
    public Fd openDir(String relative) throws PosixException {
        return open(relative, Posix.O_RDONLY | Posix.O_DIRECTORY, 0);
    }

    /** Opens a directory by a path of the machine, symlinks followed: where a configured root begins. */
    public static Fd openRoot(Posix posix, String path) throws PosixException {
        return open(posix, Posix.AT_FDCWD, path, Posix.O_RDONLY | Posix.O_DIRECTORY, 0, 0);
    }

    /** Takes a descriptor that is open already. */
    public static Fd adopt(Posix posix, int number, String path) {
        return new Fd(posix, number, path);
    }

    /** What opening below a directory of the store asks for: beneath it, and no symlink of any kind. */
    public static final long BENEATH = Posix.RESOLVE_BENEATH | Posix.RESOLVE_NO_SYMLINKS | Posix.RESOLVE_NO_MAGICLINKS;

    /**
     * The descriptor.
     *
     * @throws IllegalStateException once closed
     */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException(path + " is closed");
        }
        return number;
    }

    public Posix posix() {
        return posix;
    }

    /** The path as it was opened: for messages only. */
    public String path() {
        return path;
    }

    public boolean isOpen() {
        return !closed.get();
    }

    /** Closes once; later calls do nothing. An error is not news: what had to be durable was synced before. */
    @Override
    public void close() {
        if (!closed.getAndSet(true) && posix.close(number) == -Errno.EBADF) {
            throw new IllegalStateException("descriptor " + number + " of " + path + " was closed by somebody else");
        }
    }

    @Override
    public String toString() {
        return path + " (descriptor " + number + (closed.get() ? ", closed)" : ")");
    }
}
