package io.linchpin.posix;

/** What fstatfs(2) said of a filesystem: a mutable holder. */
public final class FsStat {
    /** The magic number ({@code f_type}), as in linux/magic.h. */
    public long type;

    public long blockSize;
    public long blocks;
    /** Blocks free to unprivileged users. */
    public long blocksAvailable;

    public long files;
    public long filesFree;

    public long bytesAvailable() {
        return blocksAvailable * blockSize;
    }
}
