package io.linchpin.http.supervisor;

/**
 * How long to wait before a node that ended is started again: 0.2 s, doubled each time up to 10 s, and from the start
 * again once a node has been healthy for 60 s.
 */
final class Backoff {
    static final long FIRST_MILLIS = 200;
    static final long LAST_MILLIS = 10_000;
    static final long FORGIVEN_AFTER_MILLIS = 60_000;

    private long nextMillis = FIRST_MILLIS;

    /**
     * The wait after one more end.
     *
     * @param healthyMillis how long the node that ended had been ready; 0 where it never was
     */
    long afterEnd(long healthyMillis) {
        if (healthyMillis >= FORGIVEN_AFTER_MILLIS) {
            nextMillis = FIRST_MILLIS;
        }
        long wait = nextMillis;
        nextMillis = Math.min(2 * nextMillis, LAST_MILLIS);
        return wait;
    }
}
