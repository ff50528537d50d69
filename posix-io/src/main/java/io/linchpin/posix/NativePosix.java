package io.linchpin.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The system calls of Linux, on x86_64 and aarch64 (both little-endian, with the same struct layouts).
 *
 * <p>Heap buffers are copied through direct memory, at most 256 KiB a call: pread and pwrite then do less than asked, as
 * they may at any time. Needs {@code --enable-native-access}.
 */
public final class NativePosix implements Posix {
    private static final boolean AARCH64 = isAarch64(System.getProperty("os.arch", ""));

    /** struct open_how: flags, mode and resolve, 64 bits each. */
    private static final long OPEN_HOW_BYTES = 24;

    private static final int STATX_BASIC_STATS = 0x7ff;
    static final int STATX_BTIME = 0x800;
    private static final int STATX_MNT_ID = 0x1000;
    /** Since Linux 6.8, and then preferred: stx_mnt_id may be used again after an unmount, this one is not. */
    static final int STATX_MNT_ID_UNIQUE = 0x4000;

    private static final long UTIME_OMIT = (1L << 30) - 2;
    private static final long FICLONERANGE = 0x4020940DL;
    private static final int ENOTTY = 25;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;

    private static boolean isAarch64(String arch) {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN || !(arch.equals("amd64") || arch.equals("aarch64"))) {
            throw new UnsupportedOperationException("Linchpin knows x86_64 and aarch64, not " + arch);
        }
        return arch.equals("aarch64");
    }

    /** The open flags are x86_64's; on aarch64 two of them have other values. */
    static long kernelOpenFlags(int flags, boolean aarch64) {
        int all = flags | O_CLOEXEC;
        if (aarch64) {
            all &= ~(O_DIRECTORY | O_NOFOLLOW);
            all |= (flags & O_DIRECTORY) != 0 ? 0x4000 : 0;
            all |= (flags & O_NOFOLLOW) != 0 ? 0x8000 : 0;
        }
        return all;
    }

    @Override
    public int openat2(int dirFd, String path, int flags, int mode, long resolve) {
        Scratch scratch = Scratch.take();
        try {
            int bad = Scratch.putPath(path, scratch.firstPath);
            if (bad < 0) {
                return bad;
            }
            scratch.struct.set(JAVA_LONG, 0, kernelOpenFlags(flags, AARCH64));
            scratch.struct.set(JAVA_LONG, 8, mode);
            scratch.struct.set(JAVA_LONG, 16, resolve);
            return LibC.openat2(scratch, dirFd, scratch.firstPath, scratch.struct, OPEN_HOW_BYTES);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int close(int fd) {
        Scratch scratch = Scratch.take();
        try {
            return LibC.close(scratch, fd);
        } finally {
            scratch.release();
        }
    }

    @Override
    public long pread(int fd, ByteBuffer into, long offset) {
        Scratch scratch = Scratch.take();
        try {
            MemorySegment target = MemorySegment.ofBuffer(into);
            if (target.isNative()) {
                long read = LibC.pread(scratch, fd, target, target.byteSize(), offset);
                advance(into, read);
                return read;
            }
            MemorySegment bounce = scratch.bounce();
            long length = Math.min(target.byteSize(), bounce.byteSize());
            long read = LibC.pread(scratch, fd, bounce, length, offset);
            if (read > 0) {
                MemorySegment.copy(bounce, 0, target, 0, read);
            }
            advance(into, read);
            return read;
        } finally {
            scratch.release();
        }
    }

    @Override
    public long pwrite(int fd, ByteBuffer from, long offset) {
        Scratch scratch = Scratch.take();
        try {
            MemorySegment source = MemorySegment.ofBuffer(from);
            long length = source.byteSize();
            if (!source.isNative()) {
                MemorySegment bounce = scratch.bounce();
                length = Math.min(length, bounce.byteSize());
                MemorySegment.copy(source, 0, bounce, 0, length);
                source = bounce;
            }
            long written = LibC.pwrite(scratch, fd, source, length, offset);
            advance(from, written);
            return written;
        } finally {
            scratch.release();
        }
    }

    private static void advance(ByteBuffer buffer, long done) {
        if (done > 0) {
            buffer.position(buffer.position() + (int) done);
        }
    }

    @Override
    public int statx(int dirFd, String path, int flags, FileStat into) {
        Scratch scratch = Scratch.take();
        try {
            int bad = Scratch.putPath(path, scratch.firstPath);
            if (bad < 0) {
                return bad;
            }
            int mask = STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID | STATX_MNT_ID_UNIQUE;
            int result =
                    LibC.statx(scratch, dirFd, scratch.firstPath, flags | AT_SYMLINK_NOFOLLOW, mask, scratch.struct);
            if (result == 0) {
                Structs.statx(scratch.struct, into);
            }
            return result;
        } finally {
            scratch.release();
        }
    }

    @Override
    public int fdatasync(int fd) {
        Scratch scratch = Scratch.take();
        try {
            return LibC.fdatasync(scratch, fd);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int fsync(int fd) {
        Scratch scratch = Scratch.take();
        try {
            return LibC.fsync(scratch, fd);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int syncfs(int fd) {
        Scratch scratch = Scratch.take();
        try {
            return LibC.syncfs(scratch, fd);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int syncFileRange(int fd, long offset, long length, int flags) {
        Scratch scratch = Scratch.take();
        try {
            return LibC.syncFileRange(scratch, fd, offset, length, flags);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int fallocate(int fd, int mode, long offset, long length) {
        Scratch scratch = Scratch.take();
        try {
            return LibC.fallocate(scratch, fd, mode, offset, length);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int ftruncate(int fd, long length) {
        Scratch scratch = Scratch.take();
        try {
            return LibC.ftruncate(scratch, fd, length);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int mkdirat(int dirFd, String path, int mode) {
        Scratch scratch = Scratch.take();
        try {
            int bad = Scratch.putPath(path, scratch.firstPath);
            return bad < 0 ? bad : LibC.mkdirat(scratch, dirFd, scratch.firstPath, mode);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int unlinkat(int dirFd, String path, int flags) {
        Scratch scratch = Scratch.take();
        try {
            int bad = Scratch.putPath(path, scratch.firstPath);
            return bad < 0 ? bad : LibC.unlinkat(scratch, dirFd, scratch.firstPath, flags);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int renameat2(int oldDirFd, String oldPath, int newDirFd, String newPath, int flags) {
        Scratch scratch = Scratch.take();
        try {
            int bad = putPaths(scratch, oldPath, newPath);
            return bad < 0
                    ? bad
                    : LibC.renameat2(scratch, oldDirFd, scratch.firstPath, newDirFd, scratch.secondPath, flags);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int linkat(int oldDirFd, String oldPath, int newDirFd, String newPath) {
        Scratch scratch = Scratch.take();
        try {
            int bad = putPaths(scratch, oldPath, newPath);
            return bad < 0 ? bad : LibC.linkat(scratch, oldDirFd, scratch.firstPath, newDirFd, scratch.secondPath, 0);
        } finally {
            scratch.release();
        }
    }

    private static int putPaths(Scratch scratch, String first, String second) {
        int bad = Scratch.putPath(first, scratch.firstPath);
        return bad < 0 ? bad : Scratch.putPath(second, scratch.secondPath);
    }

    @Override
    public int futimens(int fd, long mtimeNanos) {
        Scratch scratch = Scratch.take();
        try {
            MemorySegment times = scratch.struct;
            times.set(JAVA_LONG, 0, 0L);
            times.set(JAVA_LONG, 8, UTIME_OMIT);
            times.set(JAVA_LONG, 16, Math.floorDiv(mtimeNanos, Structs.NANOS));
            times.set(JAVA_LONG, 24, Math.floorMod(mtimeNanos, Structs.NANOS));
            return LibC.futimens(scratch, fd, times);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int fchmod(int fd, int mode) {
        Scratch scratch = Scratch.take();
        try {
            return LibC.fchmod(scratch, fd, mode);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int fchown(int fd, int uid, int gid) {
        Scratch scratch = Scratch.take();
        try {
            return LibC.fchown(scratch, fd, uid, gid);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int getdents64(int dirFd, List<DirEntry> into) {
        Scratch scratch = Scratch.take();
        try {
            return new DirectoryReading(scratch, dirFd).next(into);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int rewind(int fd) {
        Scratch scratch = Scratch.take();
        try {
            return (int) LibC.lseek(scratch, fd, 0, LibC.SEEK_SET);
        } finally {
            scratch.release();
        }
    }

    @Override
    public long copyFileRange(int inFd, long inOffset, int outFd, long outOffset, long length) {
        Scratch scratch = Scratch.take();
        try {
            MemorySegment in = scratch.struct.asSlice(0, 8);
            MemorySegment out = scratch.struct.asSlice(8, 8);
            in.set(JAVA_LONG, 0, inOffset);
            out.set(JAVA_LONG, 0, outOffset);
            return LibC.copyFileRange(scratch, inFd, in, outFd, out, length, 0);
        } finally {
            scratch.release();
        }
    }

    @Override
    public int ficlonerange(int srcFd, long srcOffset, long length, int destFd, long destOffset) {
        Scratch scratch = Scratch.take();
        try {
            MemorySegment range = scratch.struct;
            range.set(JAVA_LONG, 0, srcFd);
            range.set(JAVA_LONG, 8, srcOffset);
            range.set(JAVA_LONG, 16, length);
            range.set(JAVA_LONG, 24, destOffset);
            int result = LibC.ioctl(scratch, destFd, FICLONERANGE, range);
            // A filesystem without ioctls says ENOTTY; to the caller that is the same news.
            return result == -ENOTTY ? -Errno.EOPNOTSUPP : result;
        } finally {
            scratch.release();
        }
    }

    @Override
    public int fstatfs(int fd, FsStat into) {
        Scratch scratch = Scratch.take();
        try {
            int result = LibC.fstatfs(scratch, fd, scratch.struct);
            if (result == 0) {
                Structs.statfs(scratch.struct, into);
            }
            return result;
        } finally {
            scratch.release();
        }
    }

    @Override
    public int ofdSetLock(int fd) {
        return lock(fd, F_OFD_SETLK, F_WRLCK);
    }

    @Override
    public int ofdUnlock(int fd) {
        return lock(fd, F_OFD_SETLK, F_UNLCK);
    }

    @Override
    public int ofdGetLock(int fd) {
        return lock(fd, F_OFD_GETLK, F_WRLCK);
    }

    /** struct flock: l_type at 0, l_whence at 2, l_start at 8, l_len at 16, l_pid at 24 (0 for these commands). */
    private static int lock(int fd, int command, short type) {
        Scratch scratch = Scratch.take();
        try {
            MemorySegment flock = scratch.struct;
            flock.set(JAVA_SHORT, 0, type);
            flock.set(JAVA_SHORT, 2, (short) LibC.SEEK_SET);
            flock.set(JAVA_LONG, 8, 0L);
            flock.set(JAVA_LONG, 16, 1L);
            flock.set(JAVA_LONG, 24, 0L);
            int result = LibC.fcntl(scratch, fd, command, flock);
            if (command == F_OFD_GETLK && result == 0) {
                return flock.get(JAVA_SHORT, 0) == F_UNLCK ? 0 : 1;
            }
            return result;
        } finally {
            scratch.release();
        }
    }
}
