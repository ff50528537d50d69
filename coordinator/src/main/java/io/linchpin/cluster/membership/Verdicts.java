package io.linchpin.cluster.membership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which members to down. Knows no cluster, no lock and no clock, so that every case can be tried.
 *
 * <ul>
 *   <li>Dead (its lock is free): down, once.
 *   <li>Unreachable for {@link #HINDRANCE} while a dead member is still to be removed: fence and down, for it holds up
 *       the removal.
 *   <li>Unreachable for {@code stuckAfter}: fence and down, so that others can join and leave.
 *   <li>All else is left alone: slow is not dead.
 * </ul>
 *
 * @param <M> names a member
 */
final class Verdicts<M> {
    /** How long a member may be unreachable while it holds up the removal of a dead one. */
    static final Duration HINDRANCE = Duration.ofSeconds(1);

    /** A gap between two looks that is longer than this means that this node was itself not running. */
    static final Duration OWN_PAUSE = Duration.ofMillis(500);

    /** What is to be done about a member. */
    enum Verdict {
        /** Its process is gone. */
        DEAD,
        /** Its process may be there: it keeps its shards' locks, and ends itself when it wakes. */
        FENCE
    }

    record Judged<M>(M member, Verdict verdict) {}

    private final Duration stuckAfter;
    private final Map<M, Long> unreachableSinceNanos = new LinkedHashMap<>();
    private final Set<M> members = new HashSet<>();
    private final Set<M> dead = new HashSet<>();
    private final Set<M> fenced = new HashSet<>();
    private long lastLookNanos;
    private boolean looked;

    Verdicts(Duration stuckAfter) {
        this.stuckAfter = stuckAfter;
    }

    void joined(M member) {
        members.add(member);
    }

    void removed(M member) {
        members.remove(member);
        dead.remove(member);
        fenced.remove(member);
        unreachableSinceNanos.remove(member);
    }

    /** The member could not be fenced at this look; the next one says so again. */
    void notFenced(M member) {
        fenced.remove(member);
    }

    void unreachable(M member, long nowNanos) {
        unreachableSinceNanos.putIfAbsent(member, nowNanos);
    }

    void reachable(M member) {
        unreachableSinceNanos.remove(member);
    }

    /** Those whose locks are still to be looked at. */
    List<M> watched() {
        return members.stream().filter(m -> !dead.contains(m)).toList();
    }

    /**
     * One look.
     *
     * @param free the watched members whose locks are free
     */
    List<Judged<M>> look(long nowNanos, Set<M> free) {
        if (looked && nowNanos - lastLookNanos > OWN_PAUSE.toNanos()) {
            // We slept, and what we take for the silence of others may have been our own deafness.
            unreachableSinceNanos.replaceAll((member, since) -> nowNanos);
        }
        looked = true;
        lastLookNanos = nowNanos;
        List<Judged<M>> judged = new ArrayList<>();
        for (M member : free) {
            if (members.contains(member) && dead.add(member)) {
                judged.add(new Judged<>(member, Verdict.DEAD));
            }
        }
        Duration patience = dead.isEmpty() ? stuckAfter : min(HINDRANCE, stuckAfter);
        unreachableSinceNanos.forEach((member, since) -> {
            boolean overdue = nowNanos - since > patience.toNanos();
            if (overdue && members.contains(member) && !dead.contains(member) && fenced.add(member)) {
                judged.add(new Judged<>(member, Verdict.FENCE));
            }
        });
        return judged;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
