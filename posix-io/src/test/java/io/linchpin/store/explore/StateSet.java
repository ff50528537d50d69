package io.linchpin.store.explore;

import java.util.Arrays;

/** A set of 64-bit hashes, by open addressing, that remembers which are new. */
final class StateSet {
    private long[] table = new long[1 << 16];
    private int size;
    private long[] added = new long[1024];
    private int addedCount;

    /** Whether it is new. */
    boolean add(long hash) {
        long value = hash == 0 ? 1 : hash;
        int at = index(value, table);
        if (table[at] == value) {
            return false;
        }
        table[at] = value;
        if (addedCount == added.length) {
            added = Arrays.copyOf(added, addedCount * 2);
        }
        added[addedCount++] = value;
        if (++size * 2 > table.length) {
            grow();
        }
        return true;
    }

    int size() {
        return size;
    }

    /** What was added since the last call. */
    long[] takeAdded() {
        long[] taken = Arrays.copyOf(added, addedCount);
        addedCount = 0;
        return taken;
    }

    private static int index(long value, long[] in) {
        int at = (int) (value ^ (value >>> 32)) & (in.length - 1);
        while (in[at] != 0 && in[at] != value) {
            at = (at + 1) & (in.length - 1);
        }
        return at;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long each : table) {
            if (each != 0) {
                larger[index(each, larger)] = each;
            }
        }
        table = larger;
    }
}
