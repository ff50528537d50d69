package io.linchpin.posix.sim;

/** What an inode is: values that are replaced, never changed, so that copies of a disk share them. */
sealed interface Body permits FileBody, DirBody, SymlinkBody {
    /** The same with its present made durable. */
    Body synced();

    /** Whether a power cut leaves it as it is. */
    boolean isClean();

    long hash();
}
