package io.linchpin.posix;

import static io.linchpin.posix.PosixException.check;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock that the kernel holds for this process: an open-file-description lock over the first byte of a lock file.
 *
 * <p>What it promises:
 *
 * <ul>
 *   <li>At most one holder at a time, among all processes of the host and within this one.
 *   <li>Held through any pause of the process (a long collection, SIGSTOP): there is no time in it.
 *   <li>Free once the process is gone, and not before: the kernel closes its files after its last system call has ended.
 *   <li>Closing other descriptors of the same file does not drop it, as it would drop a lock of {@code F_SETLK}, and so of
 *       {@code FileChannel.lock}.
 * </ul>
 *
 * <p>The lock file is made when missing and never deleted here: who unlinks a lock file that somebody has open lets two
 * hold "the same" lock. That the name still leads to the locked file is looked at after locking, and by {@link #isIntact}.
 * The file's bytes are the holder's, to be written through {@link #fd}.
 */
public final class KernelLock implements AutoCloseable {
    /** A file is replaced under its name only by hand; more often than this in a row is no accident. */
    private static final int ATTEMPTS = 4;

    private static final int LOCK_FILE_MODE = 0600;

    /**
     * What this process holds. The kernel refuses a second open file description by itself; this table still tells where a
     * filesystem turns these locks into locks of the process, which its own second attempt would be granted.
     */
    private static final Set<FileId> HELD = ConcurrentHashMap.newKeySet();

    private record FileId(long device, long inode) {
        static FileId of(FileStat stat) {
            return new FileId(stat.device, stat.inode);
        }
    }

    private final Fd fd;
    private final FileId id;
    private final int dirFd;

    private KernelLock(Fd fd, FileId id, int dirFd) {
        this.fd = fd;
        this.id = id;
        this.dirFd = dirFd;
    }

    /**
     * Takes the lock if it is free: empty where somebody holds it, of this process or another.
     *
     * @param dirFd where the path starts; stays open while the lock is held
     * @param path of the lock file; its last component is not to be a symlink
     * @throws PosixException where the file cannot be opened or locked; ESTALE where it is replaced again and again; EINVAL
     *     where it is not a regular file
     */
    public static Optional<KernelLock> tryAcquire(Posix posix, int dirFd, String path) throws PosixException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int flags = Posix.O_RDWR | Posix.O_CREAT | Posix.O_NOFOLLOW | Posix.O_NONBLOCK;
            Fd fd = Fd.open(posix, dirFd, path, flags, LOCK_FILE_MODE, 0);
            boolean keep = false;
            try {
                FileStat stat = FileIo.stat(fd);
                if (!stat.isRegular()) {
                    throw new PosixException(Errno.EINVAL, "fcntl", path);
                }
                KernelLock lock = new KernelLock(fd, FileId.of(stat), dirFd);
                if (!lock.enter()) {
                    return Optional.empty();
                }
                try {
                    keep = lock.isIntact();
                } finally {
                    if (!keep) {
                        lock.leave();
                    }
                }
                if (keep) {
                    return Optional.of(lock);
                }
            } finally {
                if (!keep) {
                    fd.close();
                }
            }
        }
        throw new PosixException(Errno.ESTALE, "fcntl", path);
    }

    /** The only way into "held". */
    private boolean enter() throws PosixException {
        // A simulated disk has processes of its own, which this process's table must not mix up.
        boolean listed = fd.posix() instanceof NativePosix;
        if (listed && !HELD.add(id)) {
            return false;
        }
        int result = fd.posix().ofdSetLock(fd.number());
        if (result == 0) {
            return true;
        }
        if (listed) {
            HELD.remove(id);
        }
        if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
            return false;
        }
        throw new PosixException(-result, "fcntl", fd.path());
    }

    /** Unlocks before it is taken off the table, so that nobody here is refused a lock that is free. */
    private void leave() {
        fd.posix().ofdUnlock(fd.number());
        if (fd.posix() instanceof NativePosix) {
            HELD.remove(id);
        }
    }

    /**
     * Whether somebody, this process included, holds the lock of a file: a witness that takes nothing.
     *
     * @throws PosixException ENOENT where there is no lock file. That is no evidence of a free lock, for a holder may live on
     *     behind a name that somebody removed.
     */
    public static boolean isHeldBySomebody(Posix posix, int dirFd, String path) throws PosixException {
        int flags = Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK;
        try (Fd fd = Fd.open(posix, dirFd, path, flags, 0, 0)) {
            return isHeldBySomebodyElse(fd);
        }
    }

    /** {@link #isHeldBySomebody} of an open lock file, for one who looks often; not of the holder's own descriptor. */
    public static boolean isHeldBySomebodyElse(Fd fd) throws PosixException {
        return check(fd.posix().ofdGetLock(fd.number()), "fcntl", fd.path()) == 1;
    }

    /** Whether the path still leads to the file that is locked; where not, another may hold "the same" lock. */
    public boolean isIntact() throws PosixException {
        FileStat now = new FileStat();
        int result = fd.posix().statx(dirFd, fd.path(), 0, now);
        if (result == -Errno.ENOENT || result == -Errno.ENOTDIR) {
            return false;
        }
        check(result, "statx", fd.path());
        return FileId.of(now).equals(id);
    }

    /** The lock file, open for reading and writing. It belongs to the lock. */
    public Fd fd() {
        return fd;
    }

    public boolean isHeld() {
        return fd.isOpen();
    }

    /** Releases; later calls do nothing. The lock file stays. */
    @Override
    public synchronized void close() {
        if (fd.isOpen()) {
            leave();
            fd.close();
        }
    }

    @Override
    public String toString() {
        return "lock " + fd;
    }
}
