package io.linchpin.posix.sim;

/** What the simulated disk may do to a program, each with why a real one may. */
public enum Fault {
    /** A name keeps any value that it had since its directory was last synced. */
    NAME_NOT_PERSISTED(
            "fsync(2): syncing a file does not ensure that its directory entry has reached the disk; that needs"
                    + " an fsync of the directory. POSIX orders no two entries, and filesystems without a journal do not either."),
    /** A block of a file keeps any content that it had since the file was last synced; each block for itself. */
    BLOCK_NOT_PERSISTED(
            "Write-back takes pages in any order and at any time; it writes a page as it is at that moment."),
    /** A file's size is any that it had since it was last synced, whatever became of its blocks. */
    SIZE_NOT_PERSISTED(
            "Size is metadata of the inode: with delayed allocation it may reach the disk before or after the"
                    + " bytes, which then read as zeros."),
    /** Times, mode and owner are any that the inode had since the last fsync; fdatasync promises nothing of them. */
    ATTRIBUTES_NOT_PERSISTED("fdatasync(2): metadata that is not needed to read the data back, such as the modification"
            + " time, is not flushed."),
    /** A read, write or copy does less than asked. */
    SHORT_TRANSFER("pwrite(2): on a full disk, at a signal or at a limit fewer bytes than asked are written."),
    /** A call fails with an errno before it has any effect. */
    FAILED_CALL("Every call may fail with the errnos of its manual page."),
    /**
     * A sync fails, and what it should have written may be lost though later syncs succeed, until those bytes are
     * written again.
     */
    FAILED_SYNC("fsync(2): the pages of a failed write-back are marked clean, and the error is reported once."),
    /** The process ends between two calls; its descriptors and locks go, everything that it wrote stays. */
    KILL("SIGKILL: the page cache belongs to the kernel."),
    /** Power is cut between two calls. */
    POWER_CUT("Only what was synced is certain.");

    private final String legality;

    Fault(String legality) {
        this.legality = legality;
    }

    public String legality() {
        return legality;
    }
}
