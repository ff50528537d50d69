package io.linchpin.posix.sim;

import java.util.Arrays;

/**
 * A directory, never changed: for each name the inode that processes see (0 for none), and the older ones that a power cut
 * may bring back. Names are sorted.
 */
final class DirBody implements Body {
    private static final String[] NO_NAMES = {};
    private static final long[][] NO_PAST = {};

    final long parent;
    final String[] names;
    final long[] inodes;
    final long[][] older;
    private final int present;

    private DirBody(long parent, String[] names, long[] inodes, long[][] older, int present) {
        this.parent = parent;
        this.names = names;
        this.inodes = inodes;
        this.older = older;
        this.present = present;
    }

    static DirBody empty(long parent) {
        return new DirBody(parent, NO_NAMES, Cells.NONE, NO_PAST, 0);
    }

    /** The inode of a name, or 0. */
    long lookup(String name) {
        int at = Arrays.binarySearch(names, name);
        return at < 0 ? 0 : inodes[at];
    }

    /** Gives a name an inode, or with 0 takes it away; the change is not durable yet. */
    DirBody set(String name, long inode) {
        int at = Arrays.binarySearch(names, name);
        if (at < 0) {
            return inode == 0 ? this : insert(-at - 1, name, inode);
        }
        if (inodes[at] == inode) {
            return this;
        }
        long[] now = inodes.clone();
        long[][] past = older.clone();
        past[at] = Cells.push(older[at], inodes[at], inode);
        now[at] = inode;
        int count = present + (inode == 0 ? 0 : 1) - (inodes[at] == 0 ? 0 : 1);
        if (inode == 0 && past[at].length == 0) {
            return new DirBody(parent, remove(names, at), removeAt(now, at), remove(past, at), count);
        }
        return new DirBody(parent, names, now, past, count);
    }

    private DirBody insert(int at, String name, long inode) {
        int n = names.length;
        String[] newNames = Arrays.copyOf(names, n + 1);
        long[] now = Arrays.copyOf(inodes, n + 1);
        long[][] past = Arrays.copyOf(older, n + 1);
        System.arraycopy(names, at, newNames, at + 1, n - at);
        System.arraycopy(inodes, at, now, at + 1, n - at);
        System.arraycopy(older, at, past, at + 1, n - at);
        newNames[at] = name;
        now[at] = inode;
        past[at] = new long[] {0};
        return new DirBody(parent, newNames, now, past, present + 1);
    }

    private static <T> T[] remove(T[] array, int at) {
        T[] shorter = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, at + 1, shorter, at, shorter.length - at);
        return shorter;
    }

    private static long[] removeAt(long[] array, int at) {
        long[] shorter = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, at + 1, shorter, at, shorter.length - at);
        return shorter;
    }

    DirBody withParent(long newParent) {
        return new DirBody(newParent, names, inodes, older, present);
    }

    boolean isEmpty() {
        return present == 0;
    }

    @Override
    public boolean isClean() {
        for (long[] past : older) {
            if (past.length > 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public DirBody synced() {
        return isClean() ? this : only(inodes);
    }

    /** The directory with these inodes as its only, durable values. */
    DirBody only(long[] chosen) {
        String[] kept = new String[names.length];
        long[] now = new long[names.length];
        int n = 0;
        for (int i = 0; i < names.length; i++) {
            if (chosen[i] != 0) {
                kept[n] = names[i];
                now[n++] = chosen[i];
            }
        }
        long[][] past = new long[n][];
        Arrays.fill(past, Cells.NONE);
        return new DirBody(parent, Arrays.copyOf(kept, n), Arrays.copyOf(now, n), past, n);
    }

    @Override
    public long hash() {
        long hash = Hashes.start(5);
        for (int i = 0; i < names.length; i++) {
            hash = Hashes.mix(Hashes.mix(hash, Hashes.of(names[i])), inodes[i]);
            for (long each : older[i]) {
                hash = Hashes.mix(hash, each);
            }
        }
        return hash;
    }
}
