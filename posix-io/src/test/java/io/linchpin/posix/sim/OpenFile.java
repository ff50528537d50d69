package io.linchpin.posix.sim;

import org.jspecify.annotations.Nullable;

/** An open file description: what a descriptor of one process stands for. */
final class OpenFile {
    final long inode;
    final String path;
    final boolean readable;
    final boolean writable;
    /** Opened with O_PATH: good for walking and looking only. */
    final boolean pathOnly;

    boolean locked;
    /** The names that getdents64 still gives: those of when the reading began. */
    String @Nullable [] names;

    int nextName;

    OpenFile(long inode, String path, boolean readable, boolean writable, boolean pathOnly) {
        this.inode = inode;
        this.path = path;
        this.readable = readable;
        this.writable = writable;
        this.pathOnly = pathOnly;
    }

    OpenFile copy() {
        OpenFile copy = new OpenFile(inode, path, readable, writable, pathOnly);
        copy.locked = locked;
        copy.names = names;
        copy.nextName = nextName;
        return copy;
    }
}
