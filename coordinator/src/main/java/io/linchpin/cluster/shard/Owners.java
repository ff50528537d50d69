package io.linchpin.cluster.shard;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * The way to every owner of the cluster, wherever it lives. Made by {@link OwnerSharding#init}. A message to an owner
 * whose shard is moving waits in a bounded buffer, or is dropped: who asks is told so where that is certain, and asks with a
 * timeout for where a node has died.
 */
public final class Owners {
    private final ClusterSharding sharding;
    private final org.apache.pekko.actor.ActorRef regions;
    private final ActorRef<Object> contested;
    private final int shards;

    Owners(ClusterSharding sharding, org.apache.pekko.actor.ActorRef regions, ActorRef<Object> contested, int shards) {
        this.sharding = sharding;
        this.regions = regions;
        this.contested = contested;
        this.shards = shards;
    }

    /** The store's number of shards. */
    public int shards() {
        return shards;
    }

    public EntityRef<OwnerCommand> owner(OwnerId id) {
        return sharding.entityRefFor(OwnerSharding.TYPE_KEY, id.entityId());
    }

    /** Asks the coordinator which nodes can be given shards; no answer while there is no coordinator to ask. */
    public void askRegions(ActorRef<ShardRegion.CurrentRegions> replyTo) {
        regions.tell(ShardRegion.getCurrentRegionsInstance(), Adapter.toClassic(replyTo));
    }

    /** Says that some node waits long for the lock of a shard: {@link ContestedShards} sees to it that this is not our fault. */
    public void contested(int shard) {
        contested.tell(new ContestedShards.Contested(shard));
    }

    public void tell(OwnerId id, OwnerCommand command) {
        owner(id).tell(command);
    }

    /** As {@link Post#ask}. */
    @SuppressWarnings("unchecked")
    public <R> CompletionStage<R> ask(OwnerId id, Function<ActorRef<R>, Question> question, Duration timeout) {
        return owner(id)
                .<Object>ask(replyTo -> question.apply((ActorRef<R>) (ActorRef<?>) replyTo), timeout)
                .thenCompose(answer -> answer instanceof NotHeard(String why)
                        ? CompletableFuture.failedFuture(new NotHeardException(why))
                        : CompletableFuture.completedFuture((R) answer));
    }
}
