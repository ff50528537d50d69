package io.linchpin.store.commit;

import io.linchpin.store.value.Stamp;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Gives stamps: nanoseconds of the wall clock, strictly increasing within the node, the low bits naming its slot, so that
 * no two nodes that live at once can give the same.
 */
final class StampSource {
    private static final long STEP = Stamp.SLOTS;

    private final LongSupplier wallClockNanos;
    private final int slot;
    private final AtomicLong last = new AtomicLong();

    StampSource(LongSupplier wallClockNanos, int slot) {
        this.wallClockNanos = wallClockNanos;
        this.slot = slot;
    }

    /** A stamp of at least {@code floor}, greater than all before. */
    Stamp next(long floor) {
        long now = Math.max(wallClockNanos.getAsLong(), floor + STEP) & -STEP;
        long given = last.updateAndGet(before -> Math.max(before + STEP, now));
        return new Stamp(given | slot);
    }

    long nowNanos() {
        return wallClockNanos.getAsLong();
    }
}
