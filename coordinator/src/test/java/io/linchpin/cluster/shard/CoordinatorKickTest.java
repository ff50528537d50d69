package io.linchpin.cluster.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.Test;

/** The kick leans on two internals of Pekko: a version that has them elsewhere must be noticed here, not in slow take-overs. */
class CoordinatorKickTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void theMessageIsThatOfThisPekko() {
        assertEquals("StateInitialized", CoordinatorKick.message().orElseThrow().toString());
    }

    @Test
    void theCoordinatorIsWhereTheKickGoes() throws Exception {
        ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString("""
                pekko.cluster.downing-provider-class = ""
                pekko.cluster.sharding.use-lease = ""
                pekko.coordinated-shutdown.exit-jvm = off
                """)
                .withFallback(ConfigFactory.parseResources("linchpin/cluster.conf"))
                .withFallback(ConfigFactory.load()));
        try {
            Cluster cluster = Cluster.get(kit.system());
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
            TestProbe<String> answered = kit.createTestProbe();
            EntityTypeKey<String> key = EntityTypeKey.create(String.class, OwnerSharding.TYPE_NAME);
            ClusterSharding sharding = ClusterSharding.get(kit.system());
            sharding.init(Entity.of(
                    key,
                    _ -> Behaviors.receiveMessage(message -> {
                        answered.ref().tell(message);
                        return Behaviors.same();
                    })));
            sharding.entityRefFor(key, "any").tell("a shard is allocated");
            answered.expectMessage(PATIENCE, "a shard is allocated");
            var coordinator = Adapter.toClassic(kit.system())
                    .actorSelection(CoordinatorKick.COORDINATOR)
                    .resolveOne(PATIENCE)
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertTrue(coordinator.path().toString().endsWith(CoordinatorKick.COORDINATOR));
        } finally {
            kit.shutdownTestKit();
        }
    }
}
