package io.linchpin.cluster.shard;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linchpin.cluster.wire.WireMessage;
import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.value.Incarnation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Speaks for a shard: that it is served, by whom, under which epoch; and waits until its mutations in flight are done. */
public final class ShardAgent {
    /** Who asks again each second is here twice; beyond, a question is not heard and comes again. */
    private static final int MOST_WAITING = 4096;

    /** All that a shard's agent gets: questions, and its own notes. */
    public sealed interface Message extends OwnerCommand {}

    /** What a shard's agent is asked. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = WhoServes.class, name = "who"),
        @JsonSubTypes.Type(value = Drain.class, name = "drain")
    })
    public sealed interface Command extends Message, Question {}

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

    /** A wait has ended. Never leaves the actor's own node. */
    private enum Waited implements Message {
        OVER
    }

    private final OwnedShard shard;
    private final Incarnation self;
    private final Executor blocking;
    private final ActorContext<Message> context;

    private boolean isWaiting;

    /** Who has asked since the wait that is under way began: that one does not speak for them. */
    private final List<ActorRef<Drained>> next = new ArrayList<>();

    private ShardAgent(ActorContext<Message> context, OwnedShard shard, Incarnation self, Executor blocking) {
        this.context = context;
        this.shard = shard;
        this.self = self;
        this.blocking = blocking;
    }

    /**
     * The behavior of a shard's agent.
     *
     * @param blocking runs the waiting; the agent itself never blocks
     */
    public static Behavior<Message> create(OwnerContext owner, Incarnation self, Executor blocking) {
        return Behaviors.setup(context -> {
            ShardAgent agent = new ShardAgent(context, owner.shard(), self, blocking);
            return Behaviors.receiveMessage(agent::on);
        });
    }

    private Behavior<Message> on(Message message) {
        switch (message) {
            case WhoServes who ->
                who.replyTo().tell(new Serving(shard.number(), shard.epoch(), self, shard.inFlight()));
            case Drain drain -> {
                if (next.size() < MOST_WAITING) {
                    next.add(drain.replyTo());
                }
                await();
            }
            case Waited.OVER -> {
                isWaiting = false;
                await();
            }
        }
        return Behaviors.same();
    }

    /** One thread waits for a shard, however many ask. */
    private void await() {
        if (isWaiting || next.isEmpty()) {
            return;
        }
        List<ActorRef<Drained>> askers = List.copyOf(next);
        isWaiting = true;
        next.clear();
        context.pipeToSelf(CompletableFuture.runAsync(() -> drain(askers), blocking), (_, _) -> Waited.OVER);
    }

    private void drain(List<ActorRef<Drained>> askers) {
        try {
            shard.drain();
        } catch (InterruptedException e) {
            // The node is closing. Who asked will time out and ask the next owner.
            Thread.currentThread().interrupt();
            return;
        }
        // From here: under load the agent has been stopped by now, as one owner too many, and so would be the next.
        askers.forEach(asker -> asker.tell(new Drained(shard.number(), shard.epoch())));
    }
}
