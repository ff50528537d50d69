package io.linchpin.cluster.shard;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linchpin.cluster.wire.WireMessage;
import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.value.Incarnation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Speaks for a shard: that it is served, by whom, under which epoch; and waits until its mutations in flight are done. */
public final class ShardAgent {
    /** What a shard's agent is asked. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = WhoServes.class, name = "who"),
        @JsonSubTypes.Type(value = Drain.class, name = "drain")
    })
    public sealed interface Command extends Question {}

    /** Also starts the shard where it has not been started. */
    public record WhoServes(ActorRef<Serving> replyTo) implements Command {}

    /** Answered when all that was judged in this shard before has been answered. The gate stays open. */
    public record Drain(ActorRef<Drained> replyTo) implements Command {}

    /**
     * The shard is served.
     *
     * @param inFlight mutations judged and not yet answered
     */
    public record Serving(int shard, long epoch, Incarnation incarnation, int inFlight) implements WireMessage {}

    /** An acknowledgement is void once the shard has another epoch. */
    public record Drained(int shard, long epoch) implements WireMessage {}

    private ShardAgent() {}

    /**
     * The behavior of a shard's agent.
     *
     * @param blocking runs the waiting; the agent itself never blocks
     */
    public static Behavior<Command> create(OwnerContext context, Incarnation self, Executor blocking) {
        OwnedShard shard = context.shard();
        return Behaviors.receive(Command.class)
                .onMessage(WhoServes.class, who -> {
                    who.replyTo().tell(new Serving(shard.number(), shard.epoch(), self, shard.inFlight()));
                    return Behaviors.same();
                })
                .onMessage(Drain.class, drain -> {
                    var _ = CompletableFuture.runAsync(() -> drain(shard, drain.replyTo()), blocking);
                    return Behaviors.same();
                })
                .build();
    }

    private static void drain(OwnedShard shard, ActorRef<Drained> replyTo) {
        try {
            shard.drain();
            replyTo.tell(new Drained(shard.number(), shard.epoch()));
        } catch (InterruptedException e) {
            // The node is closing. Who asked will time out and ask the next owner.
            Thread.currentThread().interrupt();
        }
    }
}
