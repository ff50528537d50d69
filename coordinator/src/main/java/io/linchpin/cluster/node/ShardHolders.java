package io.linchpin.cluster.node;

import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.node.NodeInfo;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.node.Peer;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Says in words who holds a shard's lock. The kernel does not tell whose an open-file-description lock is; but who takes a
 * shard writes its journal into the shard's file, and takes it off when it gives the shard up.
 */
final class ShardHolders {
    private final ShardStore store;
    private final NodeLocks locks;

    ShardHolders(ShardStore store, NodeLocks locks) {
        this.store = store;
        this.locks = locks;
    }

    String inWords(int shard) {
        try {
            Set<Incarnation> named = store.journalsListed(shard);
            List<String> living = new ArrayList<>();
            for (Peer peer : locks.peers()) {
                if (peer.alive() && named.contains(peer.incarnation())) {
                    NodeInfo info = peer.info();
                    living.add("node " + peer.incarnation() + (info == null ? "" : " (pid " + info.pid() + ")"));
                }
            }
            return living.isEmpty() ? "its file names no living node" : String.join(" or ", living) + " holds it";
        } catch (IOException e) {
            return "who holds it cannot be read: " + e.getMessage();
        }
    }
}
