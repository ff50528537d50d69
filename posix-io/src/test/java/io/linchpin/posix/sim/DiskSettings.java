package io.linchpin.posix.sim;

/** What does not change with a power cut: how the machine and its filesystem are. */
final class DiskSettings implements Cloneable {
    int blockBytes = 4096;
    boolean renameFlags = true;
    boolean reuseInodes;
    int umask = 022;
    long tickNanos = 1_000;
    long limitBlocks = Long.MAX_VALUE;
    long limitInodes = Long.MAX_VALUE;
    long fsType = 0xEF53;
    long limitFileBytes = 1L << 32;

    DiskSettings copy() {
        try {
            return (DiskSettings) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
