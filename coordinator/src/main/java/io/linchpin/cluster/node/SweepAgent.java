package io.linchpin.cluster.node;

import io.linchpin.cluster.membership.Oldest;
import io.linchpin.cluster.membership.Roles;
import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.node.Peer;
import io.linchpin.store.recovery.Sweep;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;

/**
 * Removes what dead nodes left behind; every node has one, and only that of the oldest member acts. A dead node's staging,
 * journal and node files go when
 *
 * <ol>
 *   <li>its lock has been seen free, or its lock file missing, for longer than any mutation may wait to be judged,
 *   <li>no completion of a multipart upload that it may have sent is unsettled: the object waits in its staging, and
 *       whether it is there tells who settles it what nobody else can,
 *   <li>no ledger lists its journal, and every ledger lists journals of living nodes only, so no take-over is to come,
 *   <li>every living node says that it has neither an unretired record nor a mutation in flight that refers to it.
 * </ol>
 *
 * A node that is stuck does not answer, so nothing is swept until it has ended: leavings cost space, never more.
 */
final class SweepAgent extends AbstractBehavior<SweepAgent.Command> {
    sealed interface Command {}

    private enum Tick implements Command {
        NOW
    }

    private record Answered(NodeAgent.References references) implements Command {}

    /** What the sweep works with. */
    record Sources(StoreRoot root, NodeLocks locks, ShardStore store, Duration afterDeath, LongSupplier nanos) {}

    private final Sources sources;
    private final Cluster cluster;
    private final ActorRef<NodeAgent.References> answers;
    private final Map<Incarnation, Long> deadSinceNanos = new HashMap<>();
    private long rounds;
    private @Nullable SweepRound round;
    private @Nullable String putOffBy;

    private SweepAgent(ActorContext<Command> context, Sources sources) {
        super(context);
        this.sources = sources;
        this.cluster = Cluster.get(context.getSystem());
        this.answers = context.messageAdapter(NodeAgent.References.class, Answered::new);
    }

    /** Does short file operations: to be run on the owners' dispatcher. */
    static Behavior<Command> create(Sources sources, Duration interval) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.NOW, Tick.NOW, interval);
            return new SweepAgent(context, sources);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Command.class, this::on).build();
    }

    private Behavior<Command> on(Command command) {
        try {
            switch (command) {
                case Tick _ -> tick();
                case Answered(var references) -> answered(references);
            }
        } catch (IOException e) {
            putOff(e.toString());
            round = null;
        }
        return this;
    }

    /** A filesystem that is read-only stays so for longer than a round. */
    private void putOff(String cause) {
        if (!cause.equals(putOffBy)) {
            getContext().getLog().warn("the sweep of dead nodes' leavings is put off: {}", cause);
        }
        putOffBy = cause;
    }

    private void tick() throws IOException {
        // A round that was not answered by all in an interval is void.
        round = null;
        long now = sources.nanos().getAsLong();
        List<Incarnation> living = new ArrayList<>();
        // Before the locks: who makes any of these from now on is among the living.
        Set<Incarnation> dead = new Sweep(sources.root()).left();
        for (Peer peer : sources.locks().peers()) {
            if (peer.alive()) {
                living.add(peer.incarnation());
                dead.remove(peer.incarnation());
            } else {
                dead.add(peer.incarnation());
            }
        }
        dead.remove(sources.locks().self());
        deadSinceNanos.keySet().retainAll(dead);
        dead.forEach(incarnation -> deadSinceNanos.putIfAbsent(incarnation, now));
        if (!Oldest.isSelf(cluster)) {
            return;
        }
        List<Incarnation> due = withoutCompletions(due(now)).stream()
                .limit(NodeAgent.MOST_ASKED)
                .toList();
        if (due.isEmpty()) {
            return;
        }
        Set<Incarnation> listed = sources.store().journalsListed();
        if (!living.containsAll(listed)) {
            // Some shard has not been taken over from a dead node yet.
            return;
        }
        round = new SweepRound(++rounds, due, living);
        for (Member member : cluster.state().getMembers()) {
            NodeAgent.tell(getContext().getSystem(), member.address(), new NodeAgent.RefersTo(rounds, due, answers));
        }
    }

    private List<Incarnation> due(long now) {
        Set<Incarnation> members = new HashSet<>();
        cluster.state().getMembers().forEach(member -> Roles.incarnation(member).ifPresent(members::add));
        return deadSinceNanos.entrySet().stream()
                .filter(entry -> now - entry.getValue() > sources.afterDeath().toNanos())
                .map(Map.Entry::getKey)
                .filter(incarnation -> !members.contains(incarnation))
                .sorted()
                .toList();
    }

    /**
     * Those in whose staging no completion waits to be settled. Looked at before the living are asked: one that is settled
     * after they have answered would be referred to by a record that none of them told of.
     */
    private List<Incarnation> withoutCompletions(List<Incarnation> dead) throws IOException {
        if (dead.isEmpty()) {
            return dead;
        }
        Set<Incarnation> awaited = new HashSet<>();
        for (UploadStore.Unsettled each : new UploadStore(sources.root()).unsettled()) {
            awaited.add(each.stagedBy());
        }
        return dead.stream().filter(each -> !awaited.contains(each)).toList();
    }

    private void answered(NodeAgent.References references) throws IOException {
        SweepRound current = round;
        if (current == null) {
            return;
        }
        List<Incarnation> removable = current.answered(references).orElse(List.of());
        for (Incarnation dead : removable) {
            new Sweep(sources.root()).sweep(dead);
            sources.locks().sweep(dead::equals);
            putOffBy = null;
            getContext().getLog().info("swept what node {} had left", dead);
        }
    }
}
