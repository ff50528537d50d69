package io.linchpin.store.journal;

/** Where records are handed in to become durable, in that order. */
public interface CommitQueue extends AutoCloseable {
    /**
     * Hands a record in.
     *
     * @param durable run once the record is durable, on the thread that made it so: to be short
     */
    void commit(LiveRecord record, Runnable durable);

    @Override
    void close();
}
