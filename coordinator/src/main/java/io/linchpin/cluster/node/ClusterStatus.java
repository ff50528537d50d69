package io.linchpin.cluster.node;

import io.linchpin.store.commit.ShardStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as one node sees it, for {@code /-/status}.
 *
 * @param self the incarnation that says so
 * @param ready whether every shard of the cluster is served
 * @param waitingFor sentences that say what keeps it, or another node, from being ready
 * @param uploadsInFlight on all nodes that have reported
 */
public record ClusterStatus(
        String self,
        LifeCycle state,
        boolean ready,
        List<String> waitingFor,
        int uploadsInFlight,
        List<Node> nodes,
        List<Shard> shards) {
    /**
     * One node that lives, or is still a member.
     *
     * @param membership Pekko's word for it (Up, Leaving …), or None for one that has not joined
     * @param alive whether its node lock is held
     * @param fenced whether it has been told to end itself
     * @param uploadsInFlight null where it has not reported within the last seconds; likewise the journal
     */
    public record Node(
            String incarnation,
            long pid,
            String host,
            int clusterPort,
            int httpPort,
            String membership,
            boolean alive,
            boolean fenced,
            @Nullable Integer uploadsInFlight,
            ShardStore.@Nullable JournalStatus journal) {}

    /**
     * One shard.
     *
     * @param owner the incarnation that serves it, or null
     * @param epoch 0 where it is not served
     */
    public record Shard(int shard, @Nullable String owner, long epoch, int inFlight) {}
}
