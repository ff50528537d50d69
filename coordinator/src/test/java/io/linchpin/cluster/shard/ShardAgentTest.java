package io.linchpin.cluster.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.value.Incarnation;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShardAgentTest {
    private static final int SHARD = 12;

    private final ActorTestKit kit = ActorTestKit.create();
    private final ExecutorService blocking = Executors.newCachedThreadPool();
    private final CountDownLatch draining = new CountDownLatch(1);
    private final CountDownLatch drained = new CountDownLatch(1);

    @AfterEach
    void close() {
        blocking.shutdownNow();
        kit.shutdownTestKit();
    }

    private OwnedShard shard() {
        return (OwnedShard) Proxy.newProxyInstance(
                OwnedShard.class.getClassLoader(),
                new Class<?>[] {OwnedShard.class},
                (_, method, _) -> switch (method.getName()) {
                    case "number" -> SHARD;
                    case "epoch" -> 7L;
                    case "drain" -> {
                        draining.countDown();
                        drained.await();
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** Where many keys are written, an owner is soon one too many: before the disk has answered, perhaps. */
    @Test
    void aDrainIsToldAlsoWhereTheAgentWasStoppedMeanwhile() throws Exception {
        TestProbe<ShardAgent.Drained> asker = kit.createTestProbe();
        OwnerContext owner = new OwnerContext(
                OwnerId.ofShard(SHARD),
                shard(),
                kit.<ClusterSharding.ShardCommand>createTestProbe().getRef());
        ActorRef<ShardAgent.Message> agent = kit.spawn(ShardAgent.create(owner, Incarnation.of(1, 1), blocking));
        agent.tell(new ShardAgent.Drain(asker.getRef()));
        draining.await();
        kit.stop(agent);
        drained.countDown();
        assertEquals(new ShardAgent.Drained(SHARD, 7), asker.receiveMessage());
    }
}
