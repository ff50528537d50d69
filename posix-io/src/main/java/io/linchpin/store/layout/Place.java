package io.linchpin.store.layout;

import org.jspecify.annotations.Nullable;

/** What stands at a key's place (its two paths taken as one): nothing, or a regular file with this identity. */
public sealed interface Place {
    /** Nothing at either path. */
    record Absent() implements Place {}

    /**
     * A file. Linchpin never writes to an inode that it published, so these four tell one version from every other.
     *
     * @param mtimeNanos the stamp, if it is one of ours
     */
    record Occupied(KeyPath path, long inode, long mtimeNanos, long size) implements Place {
        public boolean isSameFile(long otherInode, long otherMtimeNanos, long otherSize) {
            return inode == otherInode && mtimeNanos == otherMtimeNanos && size == otherSize;
        }
    }

    /** The file, or null. */
    default @Nullable Occupied occupied() {
        return this instanceof Occupied o ? o : null;
    }
}
