package io.linchpin.cluster.shard;

import io.linchpin.store.commit.OwnedShard;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** Starts the one sharded entity type that carries every owner. */
public final class OwnerSharding {
    /** Part of the names of the leases. */
    static final String TYPE_NAME = "owner";

    static final EntityTypeKey<OwnerCommand> TYPE_KEY = EntityTypeKey.create(OwnerCommand.class, TYPE_NAME);

    /** Owners run here: bounded, for they do short file operations. */
    public static final String DISPATCHER = "linchpin.owner-dispatcher";

    private OwnerSharding() {}

    /**
     * Starts sharding on this node.
     *
     * @param shards the store's number of shards
     * @param setup what the actor system was made with
     */
    public static Owners init(ActorSystem<?> system, int shards, ShardSetup setup, OwnerBehaviors behaviors) {
        OwnedShards owned = setup.owned();
        ClusterSharding sharding = ClusterSharding.get(system);
        sharding.init(Entity.of(TYPE_KEY, context -> create(context, shards, owned, behaviors))
                .withStopMessage(OwnerStop.NOW)
                .withEntityProps(DispatcherSelector.fromConfig(DISPATCHER))
                .withMessageExtractor(new Extractor(shards)));
        system.systemActorOf(LostQuestions.create(), "linchpin-lost-questions", Props.empty());
        CoordinatorKick.message()
                .ifPresent(message -> system.systemActorOf(
                        CoordinatorKick.create(message), "linchpin-coordinator-kick", Props.empty()));
        org.apache.pekko.actor.ActorRef regions = org.apache.pekko.cluster.sharding.ClusterSharding.get(
                        Adapter.toClassic(system))
                .shardRegion(TYPE_NAME);
        system.systemActorOf(RegionWatch.create(regions, setup.fatal()), "linchpin-region-watch", Props.empty());
        ActorRef<Object> contested = system.systemActorOf(
                ContestedShards.create(setup, regions, System::nanoTime), "linchpin-contested-shards", Props.empty());
        return new Owners(sharding, regions, contested, shards);
    }

    private static Behavior<OwnerCommand> create(
            EntityContext<OwnerCommand> entity, int shards, OwnedShards owned, OwnerBehaviors behaviors) {
        OwnerId id = OwnerId.parse(entity.getEntityId())
                .orElseThrow(() -> new IllegalArgumentException("not an owner: " + entity.getEntityId()));
        int number = id.shard(shards);
        OwnedShard shard = owned.find(number)
                .orElseThrow(() -> new IllegalStateException("shard " + number + " is not owned here"));
        return behaviors.create(new OwnerContext(id, shard, entity.getShard()));
    }

    private static final class Extractor
            extends ShardingMessageExtractor<ShardingEnvelope<OwnerCommand>, OwnerCommand> {
        private final int shards;

        Extractor(int shards) {
            this.shards = shards;
        }

        @Override
        public String entityId(ShardingEnvelope<OwnerCommand> envelope) {
            return envelope.entityId();
        }

        @Override
        public String shardId(String entityId) {
            // What is no owner's has no shard, and is dropped: thrown from here, it would end each node that it
            // reaches.
            return OwnerId.parse(entityId)
                    .filter(id -> id.livesIn(shards))
                    .map(id -> Integer.toString(id.shard(shards)))
                    .orElse("");
        }

        @Override
        public OwnerCommand unwrapMessage(ShardingEnvelope<OwnerCommand> envelope) {
            return envelope.message();
        }
    }
}
