package io.linchpin.store.value;

import java.time.Instant;
import java.util.HexFormat;

/**
 * The stamp of a version: nanoseconds since the epoch, strictly increasing within a node and unique in the store (the
 * low {@value #SLOT_BITS} bits name the node's slot). It is the data file's mtime, it orders versions, and it names the
 * sidecar that belongs to exactly this version.
 */
public record Stamp(long nanos) implements Comparable<Stamp> {
    public static final int SLOT_BITS = 6;
    public static final int SLOTS = 1 << SLOT_BITS;

    /** Sixteen lower-case hex digits, as in a sidecar's name. */
    public String hex() {
        return HexFormat.of().toHexDigits(nanos);
    }

    public Instant instant() {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    @Override
    public int compareTo(Stamp other) {
        return Long.compare(nanos, other.nanos);
    }
}
