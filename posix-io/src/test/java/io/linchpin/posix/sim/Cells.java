package io.linchpin.posix.sim;

import java.util.Arrays;

/** The older values that a power cut may bring back: each once, the oldest first, never the present one. */
final class Cells {
    static final long[] NONE = {};

    private Cells() {}

    static long[] push(long[] past, long leaving, long coming) {
        long[] pushed = new long[past.length + 1];
        int n = 0;
        boolean known = false;
        for (long each : past) {
            known |= each == leaving;
            if (each != coming) {
                pushed[n++] = each;
            }
        }
        if (!known && leaving != coming) {
            pushed[n++] = leaving;
        }
        return n == 0 ? NONE : Arrays.copyOf(pushed, n);
    }
}
