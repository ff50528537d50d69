package io.linchpin.cluster.node;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * How far a node's life has come.
 *
 * <pre>
 *   OPENING ──▶ JOINING ──▶ TAKING ──▶ READY ──▶ LEAVING ──▶ GONE
 *      │           │           │                    ▲          ▲
 *      │           └───────────┴────────────────────┘          │
 *      └───────────────────────────────────────────────────────┘
 * </pre>
 *
 * OPENING: store and node lock. JOINING: the cluster. TAKING: until every shard of the cluster is served, or all but those
 * of a node that stands still. READY: ports may be open. LEAVING: ports closed first, then shards handed over. GONE: the
 * locks are free. A killed process goes from anywhere to nowhere.
 */
public enum LifeCycle {
    OPENING,
    JOINING,
    TAKING,
    READY,
    LEAVING,
    GONE;

    private static final Map<LifeCycle, Set<LifeCycle>> NEXT = Map.of(
            OPENING, EnumSet.of(JOINING, GONE),
            JOINING, EnumSet.of(TAKING, LEAVING),
            TAKING, EnumSet.of(READY, LEAVING),
            READY, EnumSet.of(LEAVING),
            LEAVING, EnumSet.of(GONE),
            GONE, EnumSet.noneOf(LifeCycle.class));

    public boolean canBecome(LifeCycle next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    /**
     * The next state.
     *
     * @throws IllegalStateException where the graph has no such arrow
     */
    LifeCycle become(LifeCycle next) {
        if (!canBecome(next)) {
            throw new IllegalStateException("a node that is " + this + " cannot become " + next);
        }
        return next;
    }
}
