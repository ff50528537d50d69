package io.linchpin.posix;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The system calls that Linchpin makes, one method a call, under their C names.
 *
 * <p>Every method returns what the kernel returns: a result of zero or more, or the <em>negated errno</em> of this very
 * call ({@code -2} is ENOENT). Nothing is thrown and nothing is retried here, except that EINTR never comes back from a
 * call that may be restarted without harm (all but {@code close}). Callers turn a negative result into an outcome or,
 * by {@link PosixException#check}, into an exception that keeps errno, call and path.
 *
 * <p>Paths are UTF-8 without NUL. A relative path starts at {@code dirFd}, or at the working directory for {@link
 * #AT_FDCWD}. Two implementations: {@link NativePosix} and, for tests, a simulated disk that keeps volatile and durable
 * state apart. All methods are safe for concurrent use.
 */
public interface Posix {
    int AT_FDCWD = -100;
    int AT_REMOVEDIR = 0x200;
    int AT_SYMLINK_NOFOLLOW = 0x100;
    int AT_EMPTY_PATH = 0x1000;

    int O_RDONLY = 0;
    int O_WRONLY = 1;
    int O_RDWR = 2;
    int O_CREAT = 0x40;
    int O_EXCL = 0x80;
    int O_TRUNC = 0x200;
    int O_NONBLOCK = 0x800;
    int O_DIRECTORY = 0x10000;
    int O_NOFOLLOW = 0x20000;
    int O_CLOEXEC = 0x80000;
    int O_PATH = 0x200000;

    long RESOLVE_NO_MAGICLINKS = 0x02;
    long RESOLVE_NO_SYMLINKS = 0x04;
    long RESOLVE_BENEATH = 0x08;

    int RENAME_NOREPLACE = 1;
    int RENAME_EXCHANGE = 2;

    int FALLOC_FL_KEEP_SIZE = 1;
    int FALLOC_FL_PUNCH_HOLE = 2;
    int FALLOC_FL_ZERO_RANGE = 0x10;

    int SYNC_FILE_RANGE_WRITE = 2;

    /** <a href="https://man7.org/linux/man-pages/man2/openat2.2.html">openat2(2)</a>: a descriptor. O_CLOEXEC is added. */
    int openat2(int dirFd, String path, int flags, int mode, long resolve);

    /** <a href="https://man7.org/linux/man-pages/man2/close.2.html">close(2)</a>. Never called again on EINTR. */
    int close(int fd);

    /** <a href="https://man7.org/linux/man-pages/man2/pread.2.html">pread(2)</a> into a direct or heap buffer; advances its position. */
    long pread(int fd, ByteBuffer into, long offset);

    /** <a href="https://man7.org/linux/man-pages/man2/pwrite.2.html">pwrite(2)</a>; may write less than asked; advances the position. */
    long pwrite(int fd, ByteBuffer from, long offset);

    /**
     * <a href="https://man7.org/linux/man-pages/man2/statx.2.html">statx(2)</a> without following a last symlink; an
     * empty path with AT_EMPTY_PATH asks for {@code dirFd} itself. On success the result is 0 and {@code into} is filled.
     */
    int statx(int dirFd, String path, int flags, FileStat into);

    /** <a href="https://man7.org/linux/man-pages/man2/fsync.2.html">fdatasync(2)</a>. */
    int fdatasync(int fd);

    /** <a href="https://man7.org/linux/man-pages/man2/fsync.2.html">fsync(2)</a>, of directories too. */
    int fsync(int fd);

    /** <a href="https://man7.org/linux/man-pages/man2/sync.2.html">syncfs(2)</a>. */
    int syncfs(int fd);

    /** <a href="https://man7.org/linux/man-pages/man2/sync_file_range.2.html">sync_file_range(2)</a>: starts write-back, promises nothing. */
    int syncFileRange(int fd, long offset, long length, int flags);

    /** <a href="https://man7.org/linux/man-pages/man2/fallocate.2.html">fallocate(2)</a>. */
    int fallocate(int fd, int mode, long offset, long length);

    /** <a href="https://man7.org/linux/man-pages/man2/truncate.2.html">ftruncate(2)</a>. */
    int ftruncate(int fd, long length);

    /** <a href="https://man7.org/linux/man-pages/man2/mkdir.2.html">mkdirat(2)</a>. */
    int mkdirat(int dirFd, String path, int mode);

    /** <a href="https://man7.org/linux/man-pages/man2/unlink.2.html">unlinkat(2)</a>; AT_REMOVEDIR for rmdir. */
    int unlinkat(int dirFd, String path, int flags);

    /** <a href="https://man7.org/linux/man-pages/man2/rename.2.html">renameat2(2)</a>; EINVAL or ENOSYS where a flag is not supported. */
    int renameat2(int oldDirFd, String oldPath, int newDirFd, String newPath, int flags);

    /** <a href="https://man7.org/linux/man-pages/man2/link.2.html">linkat(2)</a>, never following a symlink. */
    int linkat(int oldDirFd, String oldPath, int newDirFd, String newPath);

    /** <a href="https://man7.org/linux/man-pages/man3/futimens.3.html">futimens(3)</a>: sets mtime (nanoseconds since the epoch); atime stays. */
    int futimens(int fd, long mtimeNanos);

    /** <a href="https://man7.org/linux/man-pages/man2/chmod.2.html">fchmod(2)</a>. */
    int fchmod(int fd, int mode);

    /** <a href="https://man7.org/linux/man-pages/man2/chown.2.html">fchown(2)</a>; -1 keeps a value. */
    int fchown(int fd, int uid, int gid);

    /** <a href="https://man7.org/linux/man-pages/man2/getdents.2.html">getdents64(2)</a>: appends the next entries, "." and ".." left out; 0 at the end. Names that are not UTF-8 are left out. A name that stands throughout is among them, perhaps twice where it is replaced meanwhile. */
    int getdents64(int dirFd, List<DirEntry> into);

    /** <a href="https://man7.org/linux/man-pages/man2/lseek.2.html">lseek(2)</a> to the start: a directory is read anew. */
    int rewind(int fd);

    /** <a href="https://man7.org/linux/man-pages/man2/copy_file_range.2.html">copy_file_range(2)</a>: bytes copied, perhaps fewer than asked. */
    long copyFileRange(int inFd, long inOffset, int outFd, long outOffset, long length);

    /** <a href="https://man7.org/linux/man-pages/man2/ioctl_ficlonerange.2.html">ioctl(FICLONERANGE)</a>; EOPNOTSUPP where the filesystem cannot. */
    int ficlonerange(int srcFd, long srcOffset, long length, int destFd, long destOffset);

    /** <a href="https://man7.org/linux/man-pages/man2/statfs.2.html">fstatfs(2)</a>. */
    int fstatfs(int fd, FsStat into);

    /**
     * <a href="https://man7.org/linux/man-pages/man2/fcntl.2.html">fcntl(F_OFD_SETLK)</a>, a write lock over byte 0: 0,
     * or -EAGAIN where another open file description (of this process or another) holds it.
     */
    int ofdSetLock(int fd);

    /** fcntl(F_OFD_SETLK, F_UNLCK) over byte 0. */
    int ofdUnlock(int fd);

    /** fcntl(F_OFD_GETLK): 1 where somebody else holds a lock over byte 0, 0 where it is free. */
    int ofdGetLock(int fd);
}
