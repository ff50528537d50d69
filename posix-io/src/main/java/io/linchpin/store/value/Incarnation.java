package io.linchpin.store.value;

import java.util.regex.Pattern;

/**
 * One life of one node: {@code <slot, two digits>-<start in hex nanoseconds>}, unique in the store and never used again.
 * It names the node's lock file, its staging directory and its journal.
 */
public record Incarnation(String value) implements Comparable<Incarnation> {
    private static final Pattern VALID = Pattern.compile("[0-9]{2}-[0-9a-f]{16}");

    public Incarnation {
        if (!VALID.matcher(value).matches()) {
            throw new IllegalArgumentException("not an incarnation: " + value);
        }
    }

    public static boolean isValid(String text) {
        return VALID.matcher(text).matches();
    }

    public static Incarnation of(int slot, long startNanos) {
        return new Incarnation(String.format("%02d-%016x", slot, startNanos));
    }

    /** The node's slot, 0 to {@code Stamp.SLOTS - 1}: the low bits of its stamps. */
    public int slot() {
        return Integer.parseInt(value, 0, 2, 10);
    }

    /** When this life began by the wall clock, in nanoseconds since the epoch. */
    public long startNanos() {
        return Long.parseUnsignedLong(value, 3, value.length(), 16);
    }

    @Override
    public int compareTo(Incarnation other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
