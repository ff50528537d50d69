package io.linchpin.cluster.shard;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Judges from the coordinator's answers whether a shard that is here belongs elsewhere. One answer proves nothing, for a shard
 * that moves is in two places for a moment: only where every answer of some time has said so is it certain. Knows no actor
 * and no clock.
 */
final class Misplacement {
    /** Answers further apart than this say nothing of the time between. */
    private static final long GAP_NANOS = Duration.ofSeconds(5).toNanos();

    private final long patienceNanos;
    private final Map<Integer, Doubt> doubts = new HashMap<>();

    private record Doubt(String tenure, long sinceNanos, long lastNanos) {}

    /** @param patience for how long each answer must have said so */
    Misplacement(Duration patience) {
        this.patienceNanos = patience.toNanos();
    }

    /**
     * Takes an answer; whether it is certain now that the shard is misplaced.
     *
     * @param tenure names the one stay of the shard here that the answer is about
     * @param here whether it was said to belong here
     */
    boolean answered(int shard, String tenure, boolean here, long nowNanos) {
        if (here) {
            doubts.remove(shard);
            return false;
        }
        Doubt before = doubts.get(shard);
        boolean goesOn = before != null && before.tenure().equals(tenure) && nowNanos - before.lastNanos() <= GAP_NANOS;
        long sinceNanos = before != null && goesOn ? before.sinceNanos() : nowNanos;
        doubts.put(shard, new Doubt(tenure, sinceNanos, nowNanos));
        return nowNanos - sinceNanos >= patienceNanos;
    }
}
