package io.linchpin.store.faults;

import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.ForwardingPosix;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.posix.sim.SyscallHook;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The system calls of one process: written down while an operation runs, one of them or all from one on failing, and
 * watched for a file that is synced again after its sync has failed; of a directory, before anything else is changed in it.
 */
final class FaultyPosix extends ForwardingPosix implements SyscallHook {
    private final SimulatedProcess process;
    private final List<Call> calls = new ArrayList<>();
    /** Calls after which to sync a directory is to sync something else. */
    private static final Set<String> CHANGES_NAMES = Set.of("unlinkat", "renameat2", "linkat", "mkdirat");

    private final Set<Integer> directories = new HashSet<>();
    private final Set<Integer> failedSyncs = new HashSet<>();
    private final List<String> retriedSyncs = new ArrayList<>();
    private @Nullable Fault fault;
    private boolean watching;
    private boolean creates;
    private int injected;
    private boolean removalFailed;
    private Runnable onFault = () -> {};

    FaultyPosix(SimulatedProcess process) {
        this.process = process;
        process.hook(this);
    }

    @Override
    protected Posix delegate() {
        return process;
    }

    /**
     * Begins an operation.
     *
     * @param what is to go wrong in it, or null
     * @param before told at the first injection, before it takes effect
     */
    void begin(@Nullable Fault what, Runnable before) {
        calls.clear();
        failedSyncs.clear();
        retriedSyncs.clear();
        fault = what;
        onFault = before;
        injected = 0;
        removalFailed = false;
        watching = true;
    }

    /** The operation has ended, and the disk is whole again. */
    void end() {
        watching = false;
        fault = null;
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    List<String> retriedSyncs() {
        return List.copyOf(retriedSyncs);
    }

    boolean wasInjected() {
        return injected > 0;
    }

    /** Whether something could not be unlinked: then it is still there. */
    boolean hasRemovalFailed() {
        return removalFailed;
    }

    @Override
    public int before(long index, String name, String path, long length) {
        if (!watching) {
            return PROCEED;
        }
        int at = calls.size();
        Call call = new Call(name, path, creates && name.equals("openat2"));
        calls.add(call);
        if (CHANGES_NAMES.contains(name)) {
            failedSyncs.removeAll(directories);
        }
        Fault f = fault;
        if (f == null || !strikes(f, at, call)) {
            return PROCEED;
        }
        if (at == f.at() && !call.equals(f.call())) {
            throw new IllegalStateException("call " + at + " is " + call + " in this run, and was " + f.call());
        }
        removalFailed |= name.equals("unlinkat");
        if (injected++ == 0) {
            onFault.run();
        }
        if (f.errno() != Errnos.SHORT) {
            return -f.errno();
        }
        return (int) (f.persists() ? Math.max(1, length / 2) : 1);
    }

    private static boolean strikes(Fault f, int at, Call call) {
        if (at == f.at()) {
            return true;
        }
        if (!f.persists() || at < f.at()) {
            return false;
        }
        for (int errno : Errnos.of(call)) {
            if (errno == f.errno()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int openat2(int dirFd, String path, int flags, int mode, long resolve) {
        creates = (flags & O_CREAT) != 0;
        int fd = super.openat2(dirFd, path, flags, mode, resolve);
        if ((flags & O_DIRECTORY) != 0) {
            directories.add(fd);
        }
        return fd;
    }

    @Override
    public int fsync(int fd) {
        return synced(fd, super.fsync(fd));
    }

    @Override
    public int fdatasync(int fd) {
        return synced(fd, super.fdatasync(fd));
    }

    @Override
    public int syncfs(int fd) {
        return synced(fd, super.syncfs(fd));
    }

    private int synced(int fd, int result) {
        if (watching && failedSyncs.contains(fd)) {
            retriedSyncs.add(calls.getLast().toString());
        }
        if (watching && result < 0) {
            failedSyncs.add(fd);
        }
        return result;
    }
}
