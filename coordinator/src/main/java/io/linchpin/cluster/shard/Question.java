package io.linchpin.cluster.shard;

import org.apache.pekko.actor.typed.ActorRef;

/** A message to an owner whose sender waits for an answer. */
public interface Question extends OwnerCommand {
    /** Who waits; each gets one answer at most, or {@link NotHeard}. */
    ActorRef<?> replyTo();
}
