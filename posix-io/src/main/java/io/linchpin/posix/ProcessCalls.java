package io.linchpin.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;

/**
 * System calls on processes and on sockets that are not ours, under their C names. As in {@link Posix} a result below
 * zero is the negated errno of this very call.
 */
public final class ProcessCalls {
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;

    public static final int SHUT_RDWR = 2;

    /** No such process. */
    public static final int ESRCH = 3;

    /** The numbers are the same on every architecture; the C libraries of today do not all have the wrappers. */
    private static final long SYS_PIDFD_OPEN = 434;

    private static final long SYS_PIDFD_GETFD = 438;

    private static final MethodHandle GETPID = LibC.function("getpid", JAVA_INT);
    private static final MethodHandle GETUID = LibC.function("getuid", JAVA_INT);
    private static final MethodHandle GETEUID = LibC.function("geteuid", JAVA_INT);
    private static final MethodHandle KILL = LibC.function("kill", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SHUTDOWN = LibC.function("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SYSCALL =
            LibC.variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    @FunctionalInterface
    private interface Downcall {
        long on(Scratch scratch) throws Throwable;
    }

    private ProcessCalls() {}

    private static int call(Downcall downcall) {
        Scratch scratch = Scratch.take();
        try {
            long returned;
            do {
                returned = downcall.on(scratch);
            } while (LibC.interrupted(scratch, returned));
            return (int) LibC.result(scratch, returned);
        } catch (Throwable thrown) {
            throw LibC.broken(thrown);
        } finally {
            scratch.release();
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/getpid.2.html">getpid(2)</a>. */
    public static int getpid() {
        return call(s -> (int) GETPID.invokeExact(s.capture));
    }

    /** <a href="https://man7.org/linux/man-pages/man2/getuid.2.html">getuid(2)</a>. */
    public static int getuid() {
        return call(s -> (int) GETUID.invokeExact(s.capture));
    }

    /** <a href="https://man7.org/linux/man-pages/man2/getuid.2.html">geteuid(2)</a>. */
    public static int geteuid() {
        return call(s -> (int) GETEUID.invokeExact(s.capture));
    }

    /**
     * <a href="https://man7.org/linux/man-pages/man2/kill.2.html">kill(2)</a>; signal 0 asks whether the process is there.
     *
     * @param pid above 0: groups and "everybody" are refused with EINVAL
     */
    public static int kill(int pid, int signal) {
        if (pid <= 0) {
            return -Errno.EINVAL;
        }
        return call(s -> (int) KILL.invokeExact(s.capture, pid, signal));
    }

    /** <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>: a descriptor, close-on-exec. */
    public static int pidfdOpen(int pid) {
        return call(s -> (long) SYSCALL.invokeExact(s.capture, SYS_PIDFD_OPEN, (long) pid, 0L, 0L));
    }

    /**
     * <a href="https://man7.org/linux/man-pages/man2/pidfd_getfd.2.html">pidfd_getfd(2)</a>: a duplicate of another
     * process's descriptor, close-on-exec; EPERM where ptrace would not be allowed.
     */
    public static int pidfdGetfd(int pidFd, int targetFd) {
        return call(s -> (long) SYSCALL.invokeExact(s.capture, SYS_PIDFD_GETFD, (long) pidFd, (long) targetFd, 0L));
    }

    /** <a href="https://man7.org/linux/man-pages/man2/shutdown.2.html">shutdown(2)</a>. */
    public static int shutdown(int socketFd, int how) {
        return call(s -> (int) SHUTDOWN.invokeExact(s.capture, socketFd, how));
    }
}
