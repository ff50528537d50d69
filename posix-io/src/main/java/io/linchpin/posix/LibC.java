package io.linchpin.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The C library's functions, called through the Foreign Function &amp; Memory API: what the function returns, or the
 * negated errno that it left. All but {@code close} are called again on EINTR.
 *
 * <p>errno is captured by the linker into the caller's own {@link Scratch}, in the transition that ends the call: read
 * later, or from memory that threads share, it might be another call's.
 */
final class LibC {
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle FSYNC = function("fsync", JAVA_INT, JAVA_INT);
    private static final MethodHandle FDATASYNC = function("fdatasync", JAVA_INT, JAVA_INT);
    private static final MethodHandle SYNCFS = function("syncfs", JAVA_INT, JAVA_INT);
    private static final MethodHandle SYNC_FILE_RANGE =
            function("sync_file_range", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle PREAD = function("pread", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PWRITE = function("pwrite", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle STATX =
            function("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle FALLOCATE =
            function("fallocate", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FTRUNCATE = function("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MKDIRAT = function("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle UNLINKAT = function("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RENAMEAT2 =
            function("renameat2", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LINKAT =
            function("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle FUTIMENS = function("futimens", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle FCHMOD = function("fchmod", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle FCHOWN = function("fchown", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle GETDENTS64 = function("getdents64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle LSEEK = function("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle COPY_FILE_RANGE =
            function("copy_file_range", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle IOCTL = variadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle FSTATFS = function("fstatfs", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle FCNTL = variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SYSCALL =
            variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);

    private LibC() {}

    static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return link(name, null, result, arguments);
    }

    /** On some architectures variadic arguments travel otherwise than named ones: the linker has to know the first. */
    static MethodHandle variadic(String name, int first, MemoryLayout result, MemoryLayout... arguments) {
        return link(name, Linker.Option.firstVariadicArg(first), result, arguments);
    }

    /** Never "critical": that keeps the garbage collector waiting, and any of these calls may block on a device. */
    private static MethodHandle link(
            String name, Linker.@Nullable Option variadic, MemoryLayout result, MemoryLayout... arguments) {
        List<Linker.Option> options = new ArrayList<>(2);
        options.add(Linker.Option.captureCallState("errno"));
        if (variadic != null) {
            options.add(variadic);
        }
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                options.toArray(Linker.Option[]::new));
    }

    static Error broken(Throwable thrown) {
        return thrown instanceof Error error ? error : new LinkageError("a downcall threw", thrown);
    }

    static boolean interrupted(Scratch scratch, long returned) {
        return returned < 0 && scratch.errno() == Errno.EINTR;
    }

    static int result(Scratch scratch, int returned) {
        return returned < 0 ? -scratch.errno() : returned;
    }

    static long result(Scratch scratch, long returned) {
        return returned < 0 ? -scratch.errno() : returned;
    }

    /** Not restarted: Linux has freed the descriptor by the time it says EINTR. */
    static int close(Scratch scratch, int fd) {
        try {
            return result(scratch, (int) CLOSE.invokeExact(scratch.capture, fd));
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int fsync(Scratch scratch, int fd) {
        try {
            int returned;
            do {
                returned = (int) FSYNC.invokeExact(scratch.capture, fd);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int fdatasync(Scratch scratch, int fd) {
        try {
            int returned;
            do {
                returned = (int) FDATASYNC.invokeExact(scratch.capture, fd);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int syncfs(Scratch scratch, int fd) {
        try {
            int returned;
            do {
                returned = (int) SYNCFS.invokeExact(scratch.capture, fd);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int syncFileRange(Scratch scratch, int fd, long offset, long length, int flags) {
        try {
            int returned;
            do {
                returned = (int) SYNC_FILE_RANGE.invokeExact(scratch.capture, fd, offset, length, flags);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static long pread(Scratch scratch, int fd, MemorySegment into, long length, long offset) {
        try {
            long returned;
            do {
                returned = (long) PREAD.invokeExact(scratch.capture, fd, into, length, offset);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static long pwrite(Scratch scratch, int fd, MemorySegment from, long length, long offset) {
        try {
            long returned;
            do {
                returned = (long) PWRITE.invokeExact(scratch.capture, fd, from, length, offset);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int statx(Scratch scratch, int dirFd, MemorySegment path, int flags, int mask, MemorySegment into) {
        try {
            int returned;
            do {
                returned = (int) STATX.invokeExact(scratch.capture, dirFd, path, flags, mask, into);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int fallocate(Scratch scratch, int fd, int mode, long offset, long length) {
        try {
            int returned;
            do {
                returned = (int) FALLOCATE.invokeExact(scratch.capture, fd, mode, offset, length);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int ftruncate(Scratch scratch, int fd, long length) {
        try {
            int returned;
            do {
                returned = (int) FTRUNCATE.invokeExact(scratch.capture, fd, length);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int mkdirat(Scratch scratch, int dirFd, MemorySegment path, int mode) {
        try {
            int returned;
            do {
                returned = (int) MKDIRAT.invokeExact(scratch.capture, dirFd, path, mode);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int unlinkat(Scratch scratch, int dirFd, MemorySegment path, int flags) {
        try {
            int returned;
            do {
                returned = (int) UNLINKAT.invokeExact(scratch.capture, dirFd, path, flags);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int renameat2(
            Scratch scratch, int oldDirFd, MemorySegment oldPath, int newDirFd, MemorySegment newPath, int flags) {
        try {
            int returned;
            do {
                returned = (int) RENAMEAT2.invokeExact(scratch.capture, oldDirFd, oldPath, newDirFd, newPath, flags);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int linkat(
            Scratch scratch, int oldDirFd, MemorySegment oldPath, int newDirFd, MemorySegment newPath, int flags) {
        try {
            int returned;
            do {
                returned = (int) LINKAT.invokeExact(scratch.capture, oldDirFd, oldPath, newDirFd, newPath, flags);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int futimens(Scratch scratch, int fd, MemorySegment times) {
        try {
            int returned;
            do {
                returned = (int) FUTIMENS.invokeExact(scratch.capture, fd, times);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int fchmod(Scratch scratch, int fd, int mode) {
        try {
            int returned;
            do {
                returned = (int) FCHMOD.invokeExact(scratch.capture, fd, mode);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int fchown(Scratch scratch, int fd, int uid, int gid) {
        try {
            int returned;
            do {
                returned = (int) FCHOWN.invokeExact(scratch.capture, fd, uid, gid);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static long getdents64(Scratch scratch, int fd, MemorySegment into, long length) {
        try {
            long returned;
            do {
                returned = (long) GETDENTS64.invokeExact(scratch.capture, fd, into, length);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    /** Values of {@code whence}. */
    static final int SEEK_SET = 0;

    static final int SEEK_CUR = 1;

    static long lseek(Scratch scratch, int fd, long offset, int whence) {
        try {
            long returned;
            do {
                returned = (long) LSEEK.invokeExact(scratch.capture, fd, offset, whence);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static long copyFileRange(
            Scratch scratch,
            int inFd,
            MemorySegment inOffset,
            int outFd,
            MemorySegment outOffset,
            long length,
            int flags) {
        try {
            long returned;
            do {
                returned = (long)
                        COPY_FILE_RANGE.invokeExact(scratch.capture, inFd, inOffset, outFd, outOffset, length, flags);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int ioctl(Scratch scratch, int fd, long request, MemorySegment argument) {
        try {
            int returned;
            do {
                returned = (int) IOCTL.invokeExact(scratch.capture, fd, request, argument);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int fstatfs(Scratch scratch, int fd, MemorySegment into) {
        try {
            int returned;
            do {
                returned = (int) FSTATFS.invokeExact(scratch.capture, fd, into);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    static int fcntl(Scratch scratch, int fd, int command, MemorySegment argument) {
        try {
            int returned;
            do {
                returned = (int) FCNTL.invokeExact(scratch.capture, fd, command, argument);
            } while (interrupted(scratch, returned));
            return result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    /** openat2(2), which has no wrapper in the C libraries that are common today; 437 on every architecture. */
    static int openat2(Scratch scratch, int dirFd, MemorySegment path, MemorySegment how, long howBytes) {
        try {
            long returned;
            do {
                returned = (long) SYSCALL.invokeExact(scratch.capture, 437L, (long) dirFd, path, how, howBytes);
            } while (interrupted(scratch, returned));
            return (int) result(scratch, returned);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }
}
