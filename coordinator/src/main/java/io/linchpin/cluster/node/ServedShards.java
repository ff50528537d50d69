package io.linchpin.cluster.node;

import io.linchpin.cluster.shard.ShardAgent;
import io.linchpin.store.value.Incarnation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which shards are served, by their agents' answers; and which agents to ask next. Asking a shard also starts it. Knows no
 * actor and no clock. Unserved shards are asked again and again, less and less often, for a question waits in a bounded
 * buffer while the shard is being taken; served ones are asked now and then.
 */
final class ServedShards {
    private static final long FIRST_REPEAT_NANOS = Duration.ofMillis(250).toNanos();
    private static final long LAST_REPEAT_NANOS = Duration.ofSeconds(4).toNanos();
    private static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long REFRESH_NANOS = Duration.ofSeconds(2).toNanos();
    /** A store of very many shards is asked at no more than a hundred shards a second. */
    private static final long REFRESH_NANOS_PER_SHARD = Duration.ofMillis(10).toNanos();

    private final Entry[] entries;
    private final long refreshNanos;

    private static final class Entry {
        ShardAgent.@Nullable Serving serving;
        long repeatNanos = FIRST_REPEAT_NANOS;
        long askAtNanos;
        /** When the oldest unanswered question was put; meaningless unless {@code asked}. */
        long askedAtNanos;

        boolean asked;
    }

    ServedShards(int shards, long nowNanos) {
        this.entries = new Entry[shards];
        this.refreshNanos = Math.max(REFRESH_NANOS, shards * REFRESH_NANOS_PER_SHARD);
        for (int i = 0; i < shards; i++) {
            entries[i] = new Entry();
            entries[i].askAtNanos = nowNanos;
        }
    }

    void answered(ShardAgent.Serving serving, long nowNanos) {
        Entry entry = entries[serving.shard()];
        ShardAgent.Serving known = entry.serving;
        if (known != null && known.epoch() > serving.epoch()) {
            // An old answer that was long on its way.
            return;
        }
        entry.serving = serving;
        entry.asked = false;
        entry.repeatNanos = FIRST_REPEAT_NANOS;
        entry.askAtNanos = nowNanos + refreshNanos;
    }

    /** Forgets answers of nodes that are no members any more, and asks all unserved shards at once. */
    void membersAre(Set<Incarnation> members, long nowNanos) {
        for (Entry entry : entries) {
            ShardAgent.Serving serving = entry.serving;
            if (serving != null && !members.contains(serving.incarnation())) {
                forget(entry, nowNanos);
            } else if (serving == null) {
                entry.repeatNanos = FIRST_REPEAT_NANOS;
                entry.askAtNanos = nowNanos;
            }
        }
    }

    private static void forget(Entry entry, long nowNanos) {
        entry.serving = null;
        entry.asked = false;
        entry.repeatNanos = FIRST_REPEAT_NANOS;
        entry.askAtNanos = nowNanos;
    }

    /** The shards whose agents are to be asked now. */
    List<Integer> ask(long nowNanos) {
        List<Integer> toAsk = new ArrayList<>();
        for (int shard = 0; shard < entries.length; shard++) {
            Entry entry = entries[shard];
            if (entry.serving != null && entry.asked && nowNanos - entry.askedAtNanos > SILENCE_NANOS) {
                forget(entry, nowNanos);
            }
            if (nowNanos - entry.askAtNanos >= 0) {
                toAsk.add(shard);
                if (!entry.asked) {
                    entry.asked = true;
                    entry.askedAtNanos = nowNanos;
                }
                entry.askAtNanos = nowNanos + entry.repeatNanos;
                entry.repeatNanos = Math.min(2 * entry.repeatNanos, LAST_REPEAT_NANOS);
            }
        }
        return toAsk;
    }

    BitSet unserved() {
        BitSet unserved = new BitSet(entries.length);
        for (int shard = 0; shard < entries.length; shard++) {
            unserved.set(shard, entries[shard].serving == null);
        }
        return unserved;
    }

    List<ClusterStatus.Shard> status() {
        List<ClusterStatus.Shard> status = new ArrayList<>(entries.length);
        for (int shard = 0; shard < entries.length; shard++) {
            ShardAgent.Serving serving = entries[shard].serving;
            status.add(
                    serving == null
                            ? new ClusterStatus.Shard(shard, null, 0, 0)
                            : new ClusterStatus.Shard(
                                    shard, serving.incarnation().value(), serving.epoch(), serving.inFlight()));
        }
        return status;
    }
}
