package io.linchpin.store.commit;

import io.linchpin.store.value.UploadId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes that were told, by mutation id, for an ingress that did not hear and asks again. Each is kept for longer than
 * any mutation may be asked for (its deadline), those that a take-over inherited as well.
 */
final class Answers {
    /** Twice the ten seconds of a mutation's deadline. */
    private static final long KEPT_NANOS = 20_000_000_000L;

    private final LongSupplier clockNanos;
    private final Map<UploadId, Outcome> outcomes;
    private final Deque<Told> told = new ArrayDeque<>();

    private record Told(UploadId id, long atNanos) {}

    Answers(Map<UploadId, Outcome> inherited, LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
        this.outcomes = new HashMap<>(inherited);
        long now = clockNanos.getAsLong();
        inherited.keySet().forEach(id -> told.add(new Told(id, now)));
    }

    synchronized void record(UploadId id, Outcome outcome) {
        long now = clockNanos.getAsLong();
        outcomes.put(id, outcome);
        told.add(new Told(id, now));
        while (now - told.getFirst().atNanos() > KEPT_NANOS) {
            outcomes.remove(told.removeFirst().id());
        }
    }

    synchronized @Nullable Outcome of(UploadId id) {
        return outcomes.get(id);
    }
}
