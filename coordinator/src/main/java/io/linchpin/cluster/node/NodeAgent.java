package io.linchpin.cluster.node;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linchpin.cluster.shard.LongWaits;
import io.linchpin.cluster.wire.WireMessage;
import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.value.Incarnation;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Speaks for a node, under the same path on each: what it is doing, and whose leavings it still needs. */
public final class NodeAgent {
    private static final String NAME = "linchpin-node";

    /** What a node is asked. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Report.class, name = "report"),
        @JsonSubTypes.Type(value = RefersTo.class, name = "refers")
    })
    public sealed interface Command extends WireMessage {}

    /** How are you? */
    public record Report(ActorRef<Reported> replyTo) implements Command {}

    /**
     * Do you need what these dead have left?
     *
     * @param dead at most {@link #MOST_ASKED}
     */
    public record RefersTo(long round, List<Incarnation> dead, ActorRef<References> replyTo) implements Command {}

    /**
     * How a node does.
     *
     * @param waits the locks of shards that it has waited for too long, at most {@link #MOST_WAITS}
     */
    public record Reported(
            Incarnation incarnation,
            int uploadsInFlight,
            ShardStore.JournalStatus journal,
            List<LongWaits.LongWait> waits)
            implements WireMessage {}

    /**
     * Whose leavings a node needs.
     *
     * @param referred of those asked for, those to whose staging it has an unretired record or a mutation in flight
     */
    public record References(long round, Incarnation incarnation, List<Incarnation> referred) implements WireMessage {}

    static final int MOST_ASKED = 64;
    static final int MOST_WAITS = 8;

    private NodeAgent() {}

    static ActorRef<Command> start(
            ActorSystem<?> system,
            Incarnation self,
            ShardStore store,
            Supplier<List<LongWaits.LongWait>> waits,
            IntSupplier uploadsInFlight) {
        return system.systemActorOf(
                create(self, store, waits, uploadsInFlight),
                NAME,
                DispatcherSelector.fromConfig(io.linchpin.cluster.shard.OwnerSharding.DISPATCHER));
    }

    static Behavior<Command> create(
            Incarnation self, ShardStore store, Supplier<List<LongWaits.LongWait>> waits, IntSupplier uploadsInFlight) {
        return Behaviors.receive(Command.class)
                .onMessage(Report.class, report -> {
                    List<LongWaits.LongWait> told =
                            waits.get().stream().limit(MOST_WAITS).toList();
                    report.replyTo().tell(new Reported(self, uploadsInFlight.getAsInt(), store.journalStatus(), told));
                    return Behaviors.same();
                })
                .onMessage(RefersTo.class, asked -> {
                    List<Incarnation> referred =
                            asked.dead().stream().filter(store::refersTo).toList();
                    asked.replyTo().tell(new References(asked.round(), self, referred));
                    return Behaviors.same();
                })
                .build();
    }

    /** Sends to the agent of a member, wherever it is; lost where there is none. */
    static void tell(ActorSystem<?> system, Address member, Command command) {
        Adapter.toClassic(system)
                .actorSelection(member + "/system/" + NAME)
                .tell(command, org.apache.pekko.actor.ActorRef.noSender());
    }
}
