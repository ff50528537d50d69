package io.linchpin.posix;

/** What fstatfs(2) said of a filesystem: a mutable holder. */
public final class FsStat {
    public static final long BTRFS = 0x9123683EL;

    /** The magic number ({@code f_type}), as in linux/magic.h; its low 32 bits count. */
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
