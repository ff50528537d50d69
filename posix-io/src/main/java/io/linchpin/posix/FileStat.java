package io.linchpin.posix;

/** What statx(2) said of one file: a mutable holder, so that a hot path may use one again. */
public final class FileStat {
    /** Device of the filesystem, major in the high 32 bits. */
    public long device;

    public long inode;
    /** Type and permission bits, as in {@code st_mode}. */
    public int mode;

    public int links;
    public int uid;
    public int gid;
    /** Bytes. */
    public long size;
    /** Nanoseconds since the epoch. */
    public long mtimeNanos;
    /** Nanoseconds since the epoch. */
    public long ctimeNanos;
    /** When it was made, nanoseconds since the epoch; 0 where the filesystem does not keep it. */
    public long bornNanos;
    /** The mount ({@code stx_mnt_id}). */
    public long mountId;
    /** Whether no later mount of this boot has that number too ({@code STATX_MNT_ID_UNIQUE}). */
    public boolean mountIdIsUnique;
    /** Bytes allocated. */
    public long allocated;

    private static final int S_IFMT = 0xF000;

    public boolean isRegular() {
        return (mode & S_IFMT) == 0x8000;
    }

    public boolean isDirectory() {
        return (mode & S_IFMT) == 0x4000;
    }

    public boolean isSymlink() {
        return (mode & S_IFMT) == 0xA000;
    }

    public int permissions() {
        return mode & 0xFFF;
    }
}
