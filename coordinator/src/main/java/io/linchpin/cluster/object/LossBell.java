package io.linchpin.cluster.object;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** Tells, at each member that goes down, leaves or is removed, that what it owned moves now. */
public final class LossBell {
    private LossBell() {}

    /** Runs {@code lost} on the actor's thread: it must not block. */
    public static Behavior<ClusterEvent.MemberEvent> create(Runnable lost) {
        return Behaviors.setup(context -> {
            Cluster.get(context.getSystem())
                    .subscriptions()
                    .tell(Subscribe.create(context.getSelf(), ClusterEvent.MemberEvent.class));
            return Behaviors.receive(ClusterEvent.MemberEvent.class)
                    .onMessage(ClusterEvent.MemberDowned.class, _ -> ring(lost))
                    .onMessage(ClusterEvent.MemberExited.class, _ -> ring(lost))
                    .onMessage(ClusterEvent.MemberRemoved.class, _ -> ring(lost))
                    .onAnyMessage(_ -> Behaviors.same())
                    .build();
        });
    }

    private static Behavior<ClusterEvent.MemberEvent> ring(Runnable lost) {
        lost.run();
        return Behaviors.same();
    }
}
