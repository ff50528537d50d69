package io.linchpin.cluster.shard;

import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.value.UploadId;
import java.lang.reflect.Proxy;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnerBehaviorsTest {
    private final ActorTestKit kit = ActorTestKit.create();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private OwnerContext owner() {
        OwnedShard none = (OwnedShard) Proxy.newProxyInstance(
                OwnedShard.class.getClassLoader(), new Class<?>[] {OwnedShard.class}, (_, method, _) -> {
                    throw new AssertionError(method);
                });
        return new OwnerContext(
                OwnerId.of(UploadId.of(7, 7)),
                none,
                kit.<ClusterSharding.ShardCommand>createTestProbe().getRef());
    }

    private static Behavior<OwnerCommand> telling(ActorRef<String> told) {
        return Behaviors.receive(OwnerCommand.class)
                .onSignal(PostStop.class, _ -> {
                    told.tell("stopped");
                    return Behaviors.same();
                })
                .build();
    }

    /** What it has begun elsewhere must know. */
    @Test
    void anOwnerThatIsStoppedAtOnceHearsOfIt() {
        TestProbe<String> told = kit.createTestProbe(String.class);
        OwnerBehaviors behaviors =
                new OwnerBehaviors().with(OwnerKind.MULTIPART, OwnerCommand.class, _ -> telling(told.getRef()));
        kit.spawn(behaviors.create(owner())).tell(OwnerStop.NOW);
        told.expectMessage("stopped");
    }
}
