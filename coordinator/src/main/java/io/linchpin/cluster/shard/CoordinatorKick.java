package io.linchpin.cluster.shard;

import io.linchpin.cluster.membership.Oldest;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spares a new shard coordinator half a second. Where a node died that had the coordinator, Pekko's next one waits a fixed 500
 * ms before it allocates, in case news of more deaths is on its way. Here every death is witnessed by a kernel lock before its
 * member is removed, so there is nothing to wait for: it is sent the message that it would send itself then. That message
 * means something only in that wait, and is ignored at any other time.
 *
 * <p>The message is internal to Pekko: where a version does not have it, take-over takes that half second longer.
 */
final class CoordinatorKick {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorKick.class);
    private static final String MESSAGE =
            "org.apache.pekko.cluster.sharding.ShardCoordinator$Internal$StateInitialized$";
    /** Where the node that has the coordinator has it. */
    static final String COORDINATOR =
            "/system/sharding/" + OwnerSharding.TYPE_NAME + "Coordinator/singleton/coordinator";

    private static final Duration EVERY = Duration.ofMillis(20);

    /** For two seconds: the coordinator starts when its predecessor's member has been removed. */
    private static final int KICKS = 100;

    private CoordinatorKick() {}

    /** What is to be sent; empty where this version of Pekko has no such message. */
    static Optional<Object> message() {
        try {
            return Optional.of(Class.forName(MESSAGE).getField("MODULE$").get(null));
        } catch (ReflectiveOperationException e) {
            LOG.warn("a new shard coordinator will wait half a second: {}", e.toString());
            return Optional.empty();
        }
    }

    static Behavior<Object> create(Object message) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Cluster cluster = Cluster.get(context.getSystem());
            cluster.subscriptions().tell(Subscribe.create(context.getSelf().<MemberEvent>narrow(), MemberEvent.class));
            ActorSelection coordinator = Adapter.toClassic(context.getSystem()).actorSelection(COORDINATOR);
            return kicking(cluster, coordinator, message, timers, 0);
        }));
    }

    private static Behavior<Object> kicking(
            Cluster cluster, ActorSelection coordinator, Object message, TimerScheduler<Object> timers, int left) {
        return Behaviors.receive(Object.class)
                .onMessage(MemberRemoved.class, _ -> {
                    timers.startTimerWithFixedDelay(message, EVERY);
                    return kicking(cluster, coordinator, message, timers, KICKS);
                })
                .onMessageEquals(message, () -> {
                    if (left == 0) {
                        timers.cancel(message);
                        return Behaviors.same();
                    }
                    if (Oldest.isSelf(cluster)) {
                        coordinator.tell(message, ActorRef.noSender());
                    }
                    return kicking(cluster, coordinator, message, timers, left - 1);
                })
                .onAnyMessage(_ -> Behaviors.same())
                .build();
    }
}
