package io.linchpin.store.layout;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The pause before something is tried again that another undid. Those who make files in a directory and those who prune it
 * take turns at its lock in the kernel, and would go on in step for hundreds of rounds, each undoing what the other has
 * just done: random pauses part them.
 */
public final class Backoff {
    /** The longest pause is 2^10 microseconds, so that a hundred rounds take a tenth of a second at most. */
    private static final int MAX_LOG2_MICROS = 10;

    private Backoff() {}

    /**
     * Waits a random time, up to 2^round microseconds, and about 1 ms at most.
     *
     * @param round how many rounds were lost before this one; 0 for the first
     */
    public static void pause(int round) {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1_000L << Math.min(round, MAX_LOG2_MICROS)));
    }
}
