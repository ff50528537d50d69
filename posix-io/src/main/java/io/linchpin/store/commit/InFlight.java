package io.linchpin.store.commit;

import io.linchpin.store.value.Incarnation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The mutations of a node that are under way: how many, what they hold in memory, and whose staging they name. */
final class InFlight {
    private final Incarnation own;
    private final CommitSettings settings;
    private final AtomicInteger mutations = new AtomicInteger();
    private final AtomicLong inlineBytes = new AtomicLong();
    private final Map<Incarnation, AtomicInteger> stagedByOthers = new ConcurrentHashMap<>();

    InFlight(Incarnation own, CommitSettings settings) {
        this.own = own;
        this.settings = settings;
    }

    /** Counts a mutation in; an outcome where there are too many. */
    @Nullable
    Outcome enter(Mutation mutation) {
        long bytes = inlineBytes(mutation);
        boolean full = mutations.incrementAndGet() > settings.maxInFlight();
        full |= inlineBytes.addAndGet(bytes) > settings.maxInlineBytes() && bytes > 0;
        if (full) {
            mutations.decrementAndGet();
            inlineBytes.addAndGet(-bytes);
            return new Outcome.Busy(Outcome.Wait.LOAD, "too many changes are under way on this node");
        }
        if (mutation instanceof Mutation.Put put && !put.stagedBy().equals(own)) {
            stagedByOthers
                    .computeIfAbsent(put.stagedBy(), i -> new AtomicInteger())
                    .incrementAndGet();
        }
        return null;
    }

    /** Counts out what was counted in. */
    void leave(Mutation mutation) {
        mutations.decrementAndGet();
        inlineBytes.addAndGet(-inlineBytes(mutation));
        if (mutation instanceof Mutation.Put put && !put.stagedBy().equals(own)) {
            AtomicInteger count = stagedByOthers.get(put.stagedBy());
            if (count != null) {
                count.decrementAndGet();
            }
        }
    }

    /** Whether one of them names the staging of that other incarnation. */
    boolean refersTo(Incarnation other) {
        AtomicInteger staged = stagedByOthers.get(other);
        return staged != null && staged.get() > 0;
    }

    /** What a mutation holds in memory until it is answered. */
    private static long inlineBytes(Mutation mutation) {
        return mutation instanceof Mutation.Put put && !put.durable() ? put.size() : 0;
    }
}
