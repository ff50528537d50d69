package io.linchpin.store.faults;

/**
 * One system call of an operation.
 *
 * @param name of C
 * @param path as it was given, or as the descriptor was opened
 * @param creates whether an openat2 may make the file
 */
record Call(String name, String path, boolean creates) {
    boolean isSync() {
        return name.equals("fsync") || name.equals("fdatasync") || name.equals("syncfs");
    }

    /** Of a journal's segment. */
    boolean isOfJournal() {
        return path.startsWith("seg-");
    }

    /** Of a shard's ledger. */
    boolean isOfLedger() {
        return path.startsWith(".linchpin/shards/");
    }

    @Override
    public String toString() {
        return name + (creates ? "(O_CREAT) " : " ") + path;
    }
}
