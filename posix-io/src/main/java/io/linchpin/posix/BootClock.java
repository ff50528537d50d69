package io.linchpin.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;

/**
 * CLOCK_BOOTTIME: nanoseconds since the machine began, the same for every process of it, never set back, and counting on
 * while the machine is suspended. See <a
 * href="https://man7.org/linux/man-pages/man2/clock_gettime.2.html">clock_gettime(2)</a>.
 */
public final class BootClock {
    private static final int CLOCK_BOOTTIME = 7;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final MethodHandle CLOCK_GETTIME = LibC.function("clock_gettime", JAVA_INT, JAVA_INT, ADDRESS);

    private BootClock() {}

    public static long nanos() {
        Scratch scratch = Scratch.take();
        try {
            int returned = (int) CLOCK_GETTIME.invokeExact(scratch.capture, CLOCK_BOOTTIME, scratch.struct);
            if (returned != 0) {
                throw new IllegalStateException("no CLOCK_BOOTTIME: " + Errno.name(scratch.errno()));
            }
            // struct timespec: seconds, nanoseconds.
            long seconds = scratch.struct.get(JAVA_LONG, 0);
            return seconds * NANOS_PER_SECOND + scratch.struct.get(JAVA_LONG, Long.BYTES);
        } catch (IllegalStateException e) {
            throw e;
        } catch (Throwable thrown) {
            throw LibC.broken(thrown);
        } finally {
            scratch.release();
        }
    }
}
