package io.linchpin.cluster.shard;

import io.linchpin.store.node.Fatal;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.SupervisorStrategy;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.event.Logging;

/**
 * Ends this node when its shard region fails. Pekko would start the region again under its old address and with its old
 * mailbox: what the coordinator sent to the one that failed tells the new one to host shards that have since been placed
 * elsewhere. A new process has a new address.
 *
 * <p>A region's supervisor cannot be set, and a restart is announced to nobody; but each failure is published for the log.
 */
final class RegionWatch {
    private RegionWatch() {}

    static Behavior<Logging.Error> create(ActorRef region, Fatal fatal) {
        String path = region.path().toString();
        return Behaviors.setup(context -> {
            context.getSystem().eventStream().tell(new EventStream.Subscribe<>(Logging.Error.class, context.getSelf()));
            return Behaviors.receiveMessage(error -> {
                if (error.logSource().equals(path) && SupervisorStrategy.class.isAssignableFrom(error.logClass())) {
                    fatal.stop("this node's shard region failed: " + error.message(), error.cause());
                }
                return Behaviors.same();
            });
        });
    }
}
