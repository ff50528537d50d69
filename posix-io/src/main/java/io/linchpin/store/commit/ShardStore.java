package io.linchpin.store.commit;

import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Where shards are taken: one a process, over the node's journal. */
public interface ShardStore extends AutoCloseable {
    /**
     * Tries to take a shard, once: empty where another process holds its lock. Blocks for the whole take-over (ledger,
     * collection of records, replay): when it returns, the shard may be served. Different shards may be taken at once.
     *
     * @throws IOException when the shard cannot be taken here (then its lock is free again)
     * @throws ShardShutException when it was taken but for a key that cannot be put in place: to be gone on with
     */
    Optional<OwnedShard> tryTake(int shard) throws IOException;

    /** Whether every shard has been replayed in this boot and mount, by whomever: only then may a port be opened. */
    boolean allReplayedInThisBoot() throws IOException;

    /** Runs a checkpoint now, blocking. */
    void checkpoint() throws IOException;

    JournalStatus journalStatus();

    /**
     * Whether this node holds a record not yet retired, or has a mutation in flight, that refers to the incarnation's
     * staging directory: then it must stay.
     */
    boolean refersTo(Incarnation incarnation);

    /** The incarnations whose journals some shard's ledger lists: those journals must stay. Reads every ledger. */
    Set<Incarnation> journalsListed() throws IOException;

    /** Of these, the ones of one shard: while it is owned, and was taken over in full, its owner's alone. */
    Set<Incarnation> journalsListed(int shard) throws IOException;

    /**
     * The state of this node's journal.
     *
     * @param liveBytes bytes of segments that hold records not yet retired
     * @param lastCheckpointEpochMillis 0 before the first
     */
    record JournalStatus(
            long segments, long liveBytes, long recordsInFlight, long checkpoints, long lastCheckpointEpochMillis) {}

    /** Closes the journal. Shards still owned are not given up: that is {@link OwnedShard#giveUp}. */
    @Override
    void close();
}
