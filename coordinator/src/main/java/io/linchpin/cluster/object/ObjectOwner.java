package io.linchpin.cluster.object;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linchpin.cluster.shard.OwnerCommand;
import io.linchpin.cluster.shard.OwnerContext;
import io.linchpin.cluster.shard.Question;
import io.linchpin.cluster.wire.WireMessage;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.OwnedShard;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * The owner of one key: puts its mutations into one order by handing them to its shard one at a time. What is judged lives
 * on in the shard, so the actor may come and go.
 */
public final class ObjectOwner {
    /** More of one key wait for the disk at most; the next is refused. */
    public static final int MAX_IN_FLIGHT = 1024;

    private static final Duration IDLE = Duration.ofMinutes(1);

    /** What an owner is told. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Mutate.class, name = "mutate"),
        @JsonSubTypes.Type(value = Rest.class, name = "rest")
    })
    public sealed interface Command extends OwnerCommand {}

    /**
     * Answered when what becomes of the mutation is durable and in place.
     *
     * @param resend whether an earlier message with the same id may have been lost
     */
    public record Mutate(Mutation mutation, boolean resend, ActorRef<Answer> replyTo) implements Command, Question {}

    /** What a sender is told. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Told.class, name = "told"),
        @JsonSubTypes.Type(value = UnderWay.class, name = "underway")
    })
    public sealed interface Answer extends WireMessage {}

    /** What became of the mutation. */
    public record Told(Outcome outcome) implements Answer {}

    /** To a repeat: an earlier message was heard, and the disk is at work on it. Its own answer, or that to a later repeat, tells. */
    public record UnderWay() implements Answer {}

    /** The owner has had nothing to do for a while. Told by itself. */
    public record Rest() implements Command {}

    private ObjectOwner() {}

    public static Behavior<Command> create(OwnerContext owner) {
        return Behaviors.setup(context -> {
            context.setReceiveTimeout(IDLE, new Rest());
            OwnedShard shard = owner.shard();
            AtomicInteger inFlight = new AtomicInteger();
            return Behaviors.receive(Command.class)
                    .onMessage(Mutate.class, m -> {
                        mutate(shard, inFlight, m);
                        return Behaviors.same();
                    })
                    .onMessage(Rest.class, _ -> {
                        owner.keeper().tell(new ClusterSharding.Passivate<>(context.getSelf()));
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    private static void mutate(OwnedShard shard, AtomicInteger inFlight, Mutate m) {
        if (m.resend() && shard.isUnderWay(m.mutation().id())) {
            m.replyTo().tell(new UnderWay());
            return;
        }
        // A resend may be of one whose answer is recorded: it adds nothing, and must not be refused.
        if (!m.resend() && inFlight.get() >= MAX_IN_FLIGHT) {
            m.replyTo().tell(new Told(new Outcome.Busy(Outcome.Wait.LOAD, "too many mutations of one key in flight")));
            return;
        }
        inFlight.incrementAndGet();
        shard.submit(m.mutation(), m.resend(), outcome -> {
            inFlight.decrementAndGet();
            m.replyTo().tell(new Told(outcome));
        });
    }
}
