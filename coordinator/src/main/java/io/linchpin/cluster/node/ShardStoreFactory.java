package io.linchpin.cluster.node;

import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.Fatal;
import io.linchpin.store.node.NodeLocks;
import java.io.IOException;

/** Opens what a node's shards live on, in two steps. */
public interface ShardStoreFactory {
    /**
     * Reads the store's format, or writes it into a new store, and refuses a filesystem that cannot carry one. Called
     * under the formation lock.
     *
     * @param newStoreShards how many shards a new store gets
     * @throws IOException where this cannot be a store: the message says why, for an operator
     */
    Prepared prepare(StoreRoot root, int newStoreShards) throws IOException;

    /** A store whose format is known. */
    interface Prepared {
        /** The store's number of shards. */
        int shards();

        /**
         * Opens this life's journal.
         *
         * @param locks tells who this node is
         */
        ShardStore open(NodeLocks locks, Fatal fatal) throws IOException;
    }
}
