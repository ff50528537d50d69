package io.linchpin.cluster.node;

import java.time.Duration;

/**
 * Decides when a starting cluster may have its shards allocated: shards allocated while only the first node is there would
 * all lie there, and moving one costs its keys a gap. Knows no cluster and no clock.
 *
 * <p>Once the expected number of nodes can take shards, or the cluster is older than its patience, the answer is yes and
 * stays so: a node that joins later waits for nobody.
 */
final class Muster {
    /** How old a cluster may become before it does with the nodes that it has. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private final int expected;
    private final long beganNanos;
    private boolean complete;

    /**
     * A muster that begins now.
     *
     * @param expected how many nodes are being started together, 1 and up
     * @param nowNanos of any clock that never steps
     */
    Muster(int expected, long nowNanos) {
        this.expected = expected;
        this.beganNanos = nowNanos;
        this.complete = expected <= 1;
    }

    /** Whether shards may be asked for, by what has been heard so far. */
    boolean isComplete() {
        return complete;
    }

    /**
     * Looks at the time.
     *
     * @param oldestLifeNanos how long the oldest member has lived; negative where the wall clock was set back
     */
    void look(long nowNanos, long oldestLifeNanos) {
        long waitedNanos = Math.max(nowNanos - beganNanos, oldestLifeNanos);
        complete |= waitedNanos > PATIENCE.toNanos();
    }

    /** So many nodes can be given shards. */
    void ready(int nodes) {
        complete |= nodes >= expected;
    }
}
