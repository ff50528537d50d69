package io.linchpin.posix;

import static io.linchpin.posix.PosixException.check;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whole steps made of a few calls: full reads and writes, small files, directories. Failures are {@link PosixException}s. */
public final class FileIo {
    private FileIo() {}

    /** Reads until the buffer is full or the file ends: the number of bytes read. */
    public static long readFully(Fd fd, ByteBuffer into, long offset) throws PosixException {
        long done = 0;
        while (into.hasRemaining()) {
            long read = check(fd.posix().pread(fd.number(), into, offset + done), "pread", fd.path());
            if (read == 0) {
                break;
            }
            done += read;
        }
        return done;
    }

    /** Writes all that remains in the buffer, however often the kernel writes less than asked. */
    public static void writeFully(Fd fd, ByteBuffer from, long offset) throws PosixException {
        long at = offset;
        while (from.hasRemaining()) {
            long written = check(fd.posix().pwrite(fd.number(), from, at), "pwrite", fd.path());
            if (written == 0) {
                // Of a regular file only a full medium answers so; asking again would never end.
                throw new PosixException(Errno.ENOSPC, "pwrite", fd.path());
            }
            at += written;
        }
    }

    public static void fdatasync(Fd fd) throws PosixException {
        check(fd.posix().fdatasync(fd.number()), "fdatasync", fd.path());
    }

    /** Of a file: its bytes and its times. Of a directory: its entries. */
    public static void fsync(Fd fd) throws PosixException {
        check(fd.posix().fsync(fd.number()), "fsync", fd.path());
    }

    public static void syncfs(Fd fd) throws PosixException {
        check(fd.posix().syncfs(fd.number()), "syncfs", fd.path());
    }

    public static FileStat stat(Fd fd) throws PosixException {
        FileStat stat = new FileStat();
        check(fd.posix().statx(fd.number(), "", Posix.AT_EMPTY_PATH, stat), "statx", fd.path());
        return stat;
    }

    /** What is at a name, a symlink not followed; empty where nothing is (ENOENT, or ENOTDIR on the way). */
    public static Optional<FileStat> statIfPresent(Fd dir, String name) throws PosixException {
        FileStat stat = new FileStat();
        int result = dir.posix().statx(dir.number(), name, 0, stat);
        if (result == -Errno.ENOENT || result == -Errno.ENOTDIR) {
            return Optional.empty();
        }
        check(result, "statx", join(dir, name));
        return Optional.of(stat);
    }

    /**
     * A whole regular file.
     *
     * @param limitBytes 0 to 2^31-9; a longer file fails with EFBIG, one of another kind with EINVAL
     */
    public static byte[] readSmall(Fd dir, String name, int limitBytes) throws PosixException {
        // O_NONBLOCK: to open a FIFO that somebody put there must not hang.
        try (Fd fd = dir.open(name, Posix.O_RDONLY | Posix.O_NONBLOCK, 0)) {
            return readSmall(fd, limitBytes);
        }
    }

    /** {@link #readSmall(Fd, String, int)} of an open file. */
    public static byte[] readSmall(Fd fd, int limitBytes) throws PosixException {
        FileStat stat = stat(fd);
        if (!stat.isRegular()) {
            throw new PosixException(Errno.EINVAL, "read", fd.path());
        }
        if (stat.size > limitBytes) {
            throw new PosixException(Errno.EFBIG, "read", fd.path());
        }
        byte[] bytes = new byte[(int) stat.size];
        long read = readFully(fd, ByteBuffer.wrap(bytes), 0);
        return read == bytes.length ? bytes : Arrays.copyOf(bytes, (int) read);
    }

    /** {@link #readSmall(Fd, String, int)}, or empty where there is no such file. */
    public static Optional<byte[]> readSmallIfPresent(Fd dir, String name, int limitBytes) throws PosixException {
        try {
            return Optional.of(readSmall(dir, name, limitBytes));
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Makes a file that must not exist yet and writes it. Nothing is synced here: the caller gets it open to do so.
     *
     * @throws PosixException with EEXIST where the name is taken; after a failed write the file is unlinked again
     */
    public static Fd createSmall(Fd dir, String name, int mode, byte[] bytes) throws PosixException {
        Fd fd = dir.open(name, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL, mode);
        try {
            writeFully(fd, ByteBuffer.wrap(bytes), 0);
            return fd;
        } catch (PosixException e) {
            fd.close();
            unlinkIfPresent(dir, name);
            throw e;
        }
    }

    /**
     * Replaces a whole file so that a reader, and a power cut, finds the old one or the new one: written beside, fsynced,
     * renamed, directory fsynced. Durable when it returns. After a failure the fresh name is gone again; the old file is
     * still there unless the last step failed, the directory's fsync.
     *
     * @param freshName a name in the same directory that was never used before
     */
    public static void replaceDurably(Fd dir, String name, String freshName, int mode, byte[] bytes)
            throws PosixException {
        Fd fd = createSmall(dir, freshName, mode, bytes);
        try (fd) {
            fsync(fd);
            rename(dir, freshName, dir, name, 0);
        } catch (PosixException e) {
            dir.posix().unlinkat(dir.number(), freshName, 0);
            throw e;
        }
        fsync(dir);
    }

    public static void rename(Fd oldDir, String oldName, Fd newDir, String newName, int flags) throws PosixException {
        int result = oldDir.posix().renameat2(oldDir.number(), oldName, newDir.number(), newName, flags);
        check(result, "renameat2", join(oldDir, oldName) + " to " + join(newDir, newName));
    }

    /** Unlinks a name: whether it was there. */
    public static boolean unlinkIfPresent(Fd dir, String name) throws PosixException {
        int result = dir.posix().unlinkat(dir.number(), name, 0);
        if (result == -Errno.ENOENT) {
            return false;
        }
        check(result, "unlinkat", join(dir, name));
        return true;
    }

    /** Makes a directory unless something has that name: whether it was made. Its entry is not synced. */
    public static boolean mkdirIfAbsent(Fd dir, String name, int mode) throws PosixException {
        int result = dir.posix().mkdirat(dir.number(), name, mode);
        if (result == -Errno.EEXIST) {
            return false;
        }
        check(result, "mkdirat", join(dir, name));
        return true;
    }

    /** All entries of a directory, in no order, read anew from its start; not for directories of unbounded size. */
    public static List<DirEntry> list(Fd dir) throws PosixException {
        check(dir.posix().rewind(dir.number()), "lseek", dir.path());
        List<DirEntry> entries = new ArrayList<>();
        int appended;
        do {
            appended = check(dir.posix().getdents64(dir.number(), entries), "getdents64", dir.path());
        } while (appended > 0);
        // What is replaced meanwhile may come twice.
        Set<String> names = new HashSet<>();
        entries.removeIf(entry -> !names.add(entry.name()));
        return entries;
    }

    private static String join(Fd dir, String name) {
        return dir.path() + "/" + name;
    }
}
