package io.linchpin.cluster.node;

import io.linchpin.cluster.membership.Roles;
import io.linchpin.cluster.shard.LongWaits;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.cluster.shard.Owners;
import io.linchpin.cluster.shard.ShardAgent;
import io.linchpin.cluster.shard.ShardSetup;
import io.linchpin.store.node.NodeInfo;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.node.Peer;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;

/** Starts every shard by asking for it, asks how the nodes do, and shows what it learns in a {@link ClusterView}. */
final class ClusterWatch extends AbstractBehavior<ClusterWatch.Command> {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final long REPORT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long FORGET_REPORT_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MOST_NAMED_SHARDS = 8;

    sealed interface Command {}

    private enum Tick implements Command {
        NOW
    }

    private record ShardAnswered(ShardAgent.Serving serving) implements Command {}

    private record NodeAnswered(NodeAgent.Reported reported) implements Command {}

    private record RegionsAnswered(int nodes) implements Command {}

    private record Heard(NodeAgent.Reported reported, long atNanos) {}

    /** What the watch works with. */
    record Sources(
            NodeLocks locks,
            Owners owners,
            ShardSetup shards,
            int expectedNodes,
            Supplier<LifeCycle> state,
            LongSupplier nanos) {}

    private final Sources sources;
    private final ClusterView view;
    private final Cluster cluster;
    private final ServedShards served;
    private final Muster muster;
    private final ActorRef<ShardRegion.CurrentRegions> regionAnswers;
    private final ActorRef<ShardAgent.Serving> shardAnswers;
    private final ActorRef<NodeAgent.Reported> nodeAnswers;
    private final Map<Incarnation, Heard> reports = new HashMap<>();
    private Set<Incarnation> members = new HashSet<>();
    private List<Peer> peers = List.of();
    private long nextReportNanos;

    private ClusterWatch(ActorContext<Command> context, Sources sources, ClusterView view) {
        super(context);
        this.sources = sources;
        this.view = view;
        this.cluster = Cluster.get(context.getSystem());
        long now = sources.nanos().getAsLong();
        this.served = new ServedShards(sources.owners().shards(), now);
        this.muster = new Muster(sources.expectedNodes(), now);
        this.nextReportNanos = now;
        this.regionAnswers = context.messageAdapter(
                ShardRegion.CurrentRegions.class,
                answer -> new RegionsAnswered(answer.getRegions().size()));
        this.shardAnswers = context.messageAdapter(ShardAgent.Serving.class, ShardAnswered::new);
        this.nodeAnswers = context.messageAdapter(NodeAgent.Reported.class, NodeAnswered::new);
    }

    static Behavior<Command> create(Sources sources, ClusterView view) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.NOW, Tick.NOW, TICK);
            return new ClusterWatch(context, sources, view);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Command.class, this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Tick _ -> tick();
            case ShardAnswered(var serving) -> {
                // Of a node that we do not know as a member yet, or any more: it will be asked again.
                if (members.contains(serving.incarnation())) {
                    served.answered(serving, sources.nanos().getAsLong());
                }
                if (!view.isReady()) {
                    show();
                }
            }
            case RegionsAnswered(int nodes) -> muster.ready(nodes);
            case NodeAnswered(var reported) -> {
                reports.put(
                        reported.incarnation(),
                        new Heard(reported, sources.nanos().getAsLong()));
                reported.waits().forEach(wait -> sources.owners().contested(wait.shard()));
            }
        }
        return this;
    }

    private void tick() {
        long now = sources.nanos().getAsLong();
        Set<Incarnation> current = new HashSet<>();
        for (Member member : cluster.state().getMembers()) {
            if (!member.status().equals(MemberStatus.down())) {
                Roles.incarnation(member).ifPresent(current::add);
            }
        }
        if (!current.equals(members)) {
            members = current;
            served.membersAre(current, now);
        }
        boolean member = current.contains(sources.locks().self());
        if (member && !muster.isComplete()) {
            muster.look(now, LinchpinNode.wallNanos() - oldestStartNanos(current));
            sources.owners().askRegions(regionAnswers);
        }
        // Not while leaving: a region does not end before all that it keeps for shards has been sent on.
        if (member && muster.isComplete() && sources.state().get() != LifeCycle.LEAVING) {
            for (int shard : served.ask(now)) {
                sources.owners().tell(OwnerId.ofShard(shard), new ShardAgent.WhoServes(shardAnswers));
            }
        }
        if (now - nextReportNanos >= 0) {
            nextReportNanos = now + REPORT_NANOS;
            askNodes(now);
        }
        show();
    }

    private static long oldestStartNanos(Set<Incarnation> lives) {
        return lives.stream().mapToLong(Incarnation::startNanos).min().orElseThrow();
    }

    private void askNodes(long now) {
        reports.values().removeIf(heard -> now - heard.atNanos() > FORGET_REPORT_NANOS);
        for (Member member : cluster.state().getMembers()) {
            NodeAgent.tell(getContext().getSystem(), member.address(), new NodeAgent.Report(nodeAnswers));
        }
        try {
            peers = sources.locks().peers();
        } catch (IOException e) {
            getContext().getLog().warn("cannot look at the node files", e);
        }
    }

    private void show() {
        BitSet unserved = served.unserved();
        List<String> waitingFor = sentences(unserved);
        LifeCycle state = sources.state().get();
        ClusterStatus status = new ClusterStatus(
                sources.locks().self().value(),
                state,
                unserved.isEmpty() && state == LifeCycle.READY,
                waitingFor,
                reports.values().stream()
                        .mapToInt(heard -> heard.reported().uploadsInFlight())
                        .sum(),
                nodes(),
                served.status());
        view.show(status, unserved.isEmpty());
    }

    private List<String> sentences(BitSet unserved) {
        List<String> sentences = new ArrayList<>();
        if (sources.state().get() == LifeCycle.LEAVING) {
            sentences.add("This node is leaving.");
        }
        if (!members.contains(sources.locks().self())) {
            sentences.add("This node is not a member of the cluster yet.");
        } else if (!muster.isComplete()) {
            sentences.add("The other nodes that are being started with this one are not here yet.");
        } else if (!unserved.isEmpty()) {
            StringBuilder named = new StringBuilder();
            unserved.stream()
                    .limit(MOST_NAMED_SHARDS)
                    .forEach(shard -> named.append(named.isEmpty() ? "" : ", ").append(shard));
            boolean more = unserved.cardinality() > MOST_NAMED_SHARDS;
            sentences.add(unserved.cardinality() + " of " + sources.owners().shards() + " shards are not served: "
                    + named + (more ? " and others." : "."));
        }
        sources.shards()
                .troubles()
                .forEach((shard, what) -> sentences.add("Shard " + shard + " cannot be taken: " + what));
        for (Heard heard : reports.values()) {
            for (LongWaits.LongWait wait : heard.reported().waits()) {
                sentences.add("Node " + heard.reported().incarnation() + " has waited " + wait.seconds()
                        + " s for the lock of shard " + wait.shard() + ": " + wait.holder() + ".");
            }
        }
        for (Peer peer : peers) {
            if (peer.alive() && peer.fenced()) {
                sentences.add("Node " + peer.incarnation()
                        + " does not answer, but its process holds its shards' locks: resume or kill it.");
            }
        }
        return sentences;
    }

    private List<ClusterStatus.Node> nodes() {
        Map<Incarnation, Member> byLife = new HashMap<>();
        for (Member member : cluster.state().getMembers()) {
            Roles.incarnation(member).ifPresent(life -> byLife.put(life, member));
        }
        List<ClusterStatus.Node> nodes = new ArrayList<>();
        for (Peer peer : peers) {
            Member member = byLife.get(peer.incarnation());
            if (peer.alive() || member != null) {
                nodes.add(node(peer, member));
            }
        }
        return nodes;
    }

    private ClusterStatus.Node node(Peer peer, @Nullable Member member) {
        NodeInfo info = peer.info();
        Heard heard = reports.get(peer.incarnation());
        return new ClusterStatus.Node(
                peer.incarnation().value(),
                info == null ? 0 : info.pid(),
                info == null ? "" : info.host(),
                info == null ? 0 : info.clusterPort(),
                info == null ? 0 : info.httpPort(),
                member == null ? "None" : member.status().toString(),
                peer.alive(),
                peer.fenced(),
                heard == null ? null : (Integer) heard.reported().uploadsInFlight(),
                heard == null ? null : heard.reported().journal());
    }
}
