package io.linchpin.cluster.shard;

import io.linchpin.store.commit.OwnedShard;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * What an owner is born with.
 *
 * @param shard its shard, taken and replayed before any owner in it lives
 * @param keeper where to ask for passivation: {@code keeper.tell(new ClusterSharding.Passivate<>(self))}
 */
public record OwnerContext(OwnerId id, OwnedShard shard, ActorRef<ClusterSharding.ShardCommand> keeper) {}
