package io.linchpin.cluster.shard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards whose lock this node has waited for longer than a take-over ever takes, and who holds them. Each is logged once
 * a holder. Safe for concurrent use.
 */
public final class LongWaits {
    private static final Logger LOG = LoggerFactory.getLogger(LongWaits.class);

    private final long limitNanos;
    private final LongSupplier nanoClock;
    private final IntFunction<String> holder;
    private final Map<Integer, Wait> waits = new ConcurrentSkipListMap<>();

    /**
     * A wait that is long.
     *
     * @param seconds how long it has lasted
     * @param holder who holds the lock, in words
     */
    public record LongWait(int shard, long seconds, String holder) {}

    private record Wait(
            long sinceNanos, long lookedAtNanos, @Nullable String holder) {}

    /**
     * No waits yet.
     *
     * @param limit how long a wait is ordinary; the holder is looked for when it is over, and then as often again
     * @param holder says in words who holds a shard's lock; may read files
     */
    public LongWaits(Duration limit, LongSupplier nanoClock, IntFunction<String> holder) {
        this.limitNanos = limit.toNanos();
        this.nanoClock = nanoClock;
        this.holder = holder;
    }

    /** How long a wait is ordinary. */
    Duration limit() {
        return Duration.ofNanos(limitNanos);
    }

    /** Notes that a shard's lock was refused; whether its holder is now to be looked for by {@link #look}. */
    boolean refused(int shard) {
        long now = nanoClock.getAsLong();
        Wait wait = waits.computeIfAbsent(shard, _ -> new Wait(now, now, null));
        return now - wait.lookedAtNanos() >= limitNanos;
    }

    /** Looks who holds the lock of a shard that is waited for. Reads files. */
    void look(int shard) {
        String found = holder.apply(shard);
        Wait[] before = new Wait[1];
        Wait after = waits.computeIfPresent(shard, (_, wait) -> {
            before[0] = wait;
            return new Wait(wait.sinceNanos(), nanoClock.getAsLong(), found);
        });
        if (after != null && !found.equals(before[0].holder())) {
            LOG.warn(
                    "shard {} is not served: this node has waited {} s for its lock; {}", shard, seconds(after), found);
        }
    }

    /** Notes that a shard's lock is not waited for any more. */
    void over(int shard) {
        waits.remove(shard);
    }

    /** When the wait for a shard's lock began; empty where it is not waited for. */
    OptionalLong since(int shard) {
        Wait wait = waits.get(shard);
        return wait == null ? OptionalLong.empty() : OptionalLong.of(wait.sinceNanos());
    }

    /** The waits that are long by now, by shard. */
    public List<LongWait> now() {
        List<LongWait> found = new ArrayList<>();
        waits.forEach((shard, wait) -> {
            if (wait.holder() != null) {
                found.add(new LongWait(shard, seconds(wait), wait.holder()));
            }
        });
        return found;
    }

    private long seconds(Wait wait) {
        return Duration.ofNanos(nanoClock.getAsLong() - wait.sinceNanos()).toSeconds();
    }
}
