package io.linchpin.posix.sim;

import java.util.Set;

/** Looks at each system call before it takes effect, and may stop the process there or inject a fault. */
@FunctionalInterface
public interface SyscallHook {
    int PROCEED = 0;

    /**
     * Decides on one call.
     *
     * @param index of the call in the life of its process, from 0
     * @param call its C name
     * @param path as it was given, or as the descriptor was opened
     * @param length bytes asked for by a read, write or copy; else 0
     * @return {@link #PROCEED}; or a negated errno, with which the call fails without effect (see {@link
     *     Fault#FAILED_SYNC} for what that means to a sync); or, to a read, write or copy, how many bytes at most it is to do
     * @throws SimulatedCrash to end the process before this call, and so after the one before it
     */
    int before(long index, String call, String path, long length);

    /** No faults. */
    SyscallHook NONE = (index, call, path, length) -> PROCEED;

    /** The process does {@code calls} calls and dies at the next. */
    static SyscallHook crashAfter(long calls) {
        return (index, call, path, length) -> {
            if (index >= calls) {
                throw new SimulatedCrash("before call " + index + ", " + call + " " + path);
            }
            return PROCEED;
        };
    }

    /** The call of that index fails with an errno (positive). */
    static SyscallHook failAt(long at, int errno) {
        return (index, call, path, length) -> index == at ? -errno : PROCEED;
    }

    /** The call of that index does one byte, where it asks for more. */
    static SyscallHook shortAt(long at) {
        return (index, call, path, length) -> index == at && length > 1 ? 1 : PROCEED;
    }

    /** Calls that change nothing that a power cut or another process could see: no state of their own to stop in. */
    Set<String> READ_ONLY = Set.of("pread", "statx", "getdents64", "lseek", "fstatfs", "close", "fcntl(F_OFD_GETLK)");
}
