package io.linchpin.posix;

/**
 * One name in a directory.
 *
 * @param type {@code d_type}; {@link #UNKNOWN} where the filesystem does not say
 */
public record DirEntry(String name, long inode, int type) {
    public static final int UNKNOWN = 0;
    public static final int DIRECTORY = 4;
    public static final int REGULAR = 8;
    public static final int SYMLINK = 10;
}
