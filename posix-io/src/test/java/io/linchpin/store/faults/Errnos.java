package io.linchpin.store.faults;

import io.linchpin.posix.Errno;
import java.util.Arrays;

/** Which errnos a call may fail with, by its manual page, of those that a failing or full disk and full tables give. */
final class Errnos {
    /** Not an errno: the call does less than it is asked. */
    static final int SHORT = 0;

    /** The errnos that the code treats alike are all tried only in full. */
    private static final boolean FULL = Boolean.getBoolean("linchpin.full");

    private static final int[] NONE = {};
    private static final int[] LOOK = {Errno.EIO};
    private static final int[] CHANGE = errnos(Errno.EIO, Errno.ENOSPC, Errno.EDQUOT);
    private static final int[] TRANSFER = errnos(Errno.EIO, Errno.ENOSPC, Errno.EDQUOT, SHORT);
    private static final int[] OPEN = errnos(Errno.EIO, Errno.EMFILE, Errno.ENFILE);
    private static final int[] CREATE = errnos(Errno.EIO, Errno.EMFILE, Errno.ENFILE, Errno.ENOSPC, Errno.EDQUOT);
    /** Linux has closed the descriptor whatever it says: NFS may say any of these. */
    private static final int[] CLOSE = errnos(Errno.EIO, Errno.EDQUOT, Errno.EINTR);

    private Errnos() {}

    private static int[] errnos(int... all) {
        return Arrays.stream(all)
                .filter(e -> FULL || (e != Errno.EDQUOT && e != Errno.ENFILE))
                .toArray();
    }

    static int[] of(Call call) {
        return switch (call.name()) {
            case "openat2" -> call.creates() ? CREATE : OPEN;
            case "pread" -> new int[] {Errno.EIO, SHORT};
            case "pwrite", "copy_file_range" -> TRANSFER;
            case "fsync",
                    "fdatasync",
                    "syncfs",
                    "sync_file_range",
                    "fallocate",
                    "mkdirat",
                    "renameat2",
                    "linkat",
                    "ioctl(FICLONERANGE)" -> CHANGE;
            case "close" -> CLOSE;
            case "statx",
                    "ftruncate",
                    "unlinkat",
                    "futimens",
                    "fchmod",
                    "fchown",
                    "getdents64",
                    "fstatfs",
                    "fcntl(F_OFD_SETLK)" -> LOOK;
            default -> NONE;
        };
    }

    static String name(int errno) {
        return errno == SHORT ? "short" : Errno.name(errno);
    }
}
