package io.linchpin.cluster.shard;

import org.apache.pekko.actor.AllDeadLetters;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;

/**
 * Tells who asked that the question was lost. While a shard moves, sharding drops what it had buffered for it, and a
 * stopping owner drops its mailbox: all that on the node where it happens, and so with certainty. Without this its sender
 * could not tell a message that was dropped from one whose answer is late, and would have to say of a DELETE that its
 * outcome is unknown.
 */
final class LostQuestions {
    private LostQuestions() {}

    static Behavior<AllDeadLetters> create() {
        return Behaviors.setup(context -> {
            context.getSystem()
                    .eventStream()
                    .tell(new EventStream.Subscribe<>(AllDeadLetters.class, context.getSelf()));
            return Behaviors.receiveMessage(lost -> {
                // Of one to another node the network may have brought it there all the same.
                if (lost.recipient() == null
                        || lost.recipient().path().address().hasLocalScope()) {
                    tell(lost.message());
                }
                return Behaviors.same();
            });
        });
    }

    @SuppressWarnings("unchecked")
    private static void tell(Object message) {
        switch (message) {
            // What sharding drops comes as a letter about that; what is on its way to an owner is in an envelope.
            case Dropped dropped -> tell(dropped.message());
            case ShardingEnvelope<?> envelope -> tell(envelope.message());
            // Owners.ask, which made it, takes either kind of answer.
            case Question question -> ((ActorRef<Object>) question.replyTo()).tell(new NotHeard("its shard is moving"));
            default -> {}
        }
    }
}
