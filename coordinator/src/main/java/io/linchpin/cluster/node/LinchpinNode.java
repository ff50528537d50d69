package io.linchpin.cluster.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.linchpin.cluster.membership.ClusterKeys;
import io.linchpin.cluster.membership.Formation;
import io.linchpin.cluster.membership.MembershipSetup;
import io.linchpin.cluster.membership.Roles;
import io.linchpin.cluster.shard.LongWaits;
import io.linchpin.cluster.shard.OwnedShards;
import io.linchpin.cluster.shard.OwnerBehaviors;
import io.linchpin.cluster.shard.OwnerKind;
import io.linchpin.cluster.shard.OwnerSharding;
import io.linchpin.cluster.shard.Owners;
import io.linchpin.cluster.shard.ShardAgent;
import io.linchpin.cluster.shard.ShardSetup;
import io.linchpin.posix.KernelLock;
import io.linchpin.posix.Posix;
import io.linchpin.posix.ProcessCalls;
import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.Fatal;
import io.linchpin.store.node.NodeInfo;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node, from the opening of its store to its leaving. {@link #start} returns when every shard of the cluster is
 * served, or all but those of a node that stands still: then the caller may open ports, and says so by {@link #bound}.
 * Leaving closes ports first, hands the shards over, leaves the cluster and ends the process.
 */
public final class LinchpinNode {
    private static final Logger LOG = LoggerFactory.getLogger(LinchpinNode.class);

    /** The name of every node's actor system; part of addresses and of lease names. */
    public static final String SYSTEM = "linchpin";

    /** How often a starting node checks whether only a stuck node's shards are missing. */
    private static final long STUCK_LOOK_NANOS = Duration.ofSeconds(5).toNanos();

    private final AtomicReference<LifeCycle> state = new AtomicReference<>(LifeCycle.OPENING);
    private final NodeSettings settings;
    private final Fatal fatal;
    private final Runnable endWork;
    private final StoreRoot root;
    private final NodeLocks locks;
    private final ShardStore store;
    private final ShardSetup shardSetup;
    private final ExecutorService blocking = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("waiting-", 0).factory());
    private final ActorSystem<Void> system;
    private final Owners owners;
    private final ClusterView view;
    private boolean storeClosed;
    private volatile IntSupplier uploadsInFlight = () -> 0;

    /**
     * What a node is made of besides its settings.
     *
     * @param reachable told when owners can be asked: before this node has joined, for it may get shards, and their owners
     *     questions for others, long before every shard of the cluster is served
     * @param endWork ends the threads that work in the store for this node and are not its own, and returns when they have
     *     ended; run when the actor system has. The node keeps its lock until then: a free one says that no system call of
     *     this life is under way
     */
    public record Parts(
            Posix posix,
            ShardStoreFactory stores,
            Function<LinchpinNode.Seed, OwnerBehaviors> behaviors,
            BiConsumer<ActorSystem<?>, Owners> reachable,
            Fatal fatal,
            Runnable endWork) {}

    /** What the owners' behaviors may be made from: all that is there before the actor system is. */
    public record Seed(StoreRoot root, NodeLocks locks, ShardStore store, int shards, Config config) {}

    private LinchpinNode(NodeSettings settings, Parts parts, StoreRoot root, NodeLocks locks) throws Exception {
        this.settings = settings;
        this.fatal = parts.fatal();
        this.endWork = parts.endWork();
        this.root = root;
        this.locks = locks;
        ShardStoreFactory.Prepared prepared;
        Config config;
        try (KernelLock _ = locks.formation(settings.startPatience())) {
            prepared = parts.stores().prepare(root, settings.shards());
            config = config(settings, locks, root.path());
        }
        int shards = prepared.shards();
        this.store = prepared.open(locks, fatal);
        LongWaits waits = new LongWaits(
                config.getDuration("linchpin.shard-lease.long-wait"),
                System::nanoTime,
                new ShardHolders(store, locks)::inWords);
        this.shardSetup = new ShardSetup(store, new OwnedShards(), fatal, waits, settings.shardTakers());
        MembershipSetup membership = new MembershipSetup(locks, fatal, settings.stuckAfter(), LinchpinNode::killSelf);
        enter(LifeCycle.JOINING);
        this.system = ActorSystem.create(
                Behaviors.empty(),
                SYSTEM,
                ActorSystemSetup.create(BootstrapSetup.create(config), shardSetup, membership));
        addShutdownTasks();
        OwnerBehaviors behaviors = parts.behaviors()
                .apply(new Seed(root, locks, store, shards, config))
                .with(
                        OwnerKind.SHARD,
                        ShardAgent.Message.class,
                        context -> ShardAgent.create(context, locks.self(), blocking));
        this.owners = OwnerSharding.init(system, shards, shardSetup, behaviors);
        parts.reachable().accept(system, owners);
        this.view = new ClusterView(new ClusterStatus(
                locks.self().value(),
                LifeCycle.JOINING,
                false,
                List.of("This node is starting."),
                0,
                List.of(),
                List.of()));
        startAgents();
    }

    /**
     * Starts a node and waits, blocking, until every shard of the cluster is served, or all but those of a node that
     * stands still.
     *
     * @throws IOException where the store cannot be opened: the message is for an operator
     * @throws TimeoutException where it took longer than {@code start-patience}
     */
    public static LinchpinNode start(NodeSettings settings, Parts parts) throws Exception {
        StoreRoot root = StoreRoot.open(parts.posix(), settings.root());
        NodeLocks locks = null;
        LinchpinNode node;
        try {
            locks = NodeLocks.join(root, LinchpinNode::wallNanos, settings.startPatience());
            node = new LinchpinNode(settings, parts, root, locks);
        } catch (Exception e) {
            if (locks != null) {
                locks.close();
            }
            root.close();
            throw e;
        }
        try {
            node.join();
            return node;
        } catch (Exception e) {
            node.leave();
            throw e;
        }
    }

    static long wallNanos() {
        java.time.Instant now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** SIGKILL, for it frees the locks at once; {@code Runtime.halt} takes several hundred milliseconds. */
    private static void killSelf() {
        ProcessCalls.kill(ProcessCalls.getpid(), ProcessCalls.SIGKILL);
    }

    private static Config config(NodeSettings settings, NodeLocks locks, Path root)
            throws IOException, InterruptedException {
        Config life = ConfigFactory.parseMap(Map.of(
                "pekko.cluster.roles", List.of(Roles.of(locks.self())),
                "pekko.remote.artery.canonical.hostname", settings.host(),
                "pekko.remote.artery.canonical.port", settings.port()));
        if (settings.tls()) {
            life = life.withFallback(ClusterKeys.transport(ClusterKeys.ensure(root, locks.peers())));
        }
        return life.withFallback(settings.config()).resolve();
    }

    private void startAgents() {
        NodeAgent.start(system, locks.self(), store, shardSetup.waits()::now, () -> uploadsInFlight.getAsInt());
        LongSupplier nanos = System::nanoTime;
        system.systemActorOf(
                ClusterWatch.create(
                        new ClusterWatch.Sources(
                                locks, owners, shardSetup, settings.expectedNodes(), state::get, nanos),
                        view),
                "linchpin-watch",
                DispatcherSelector.fromConfig(OwnerSharding.DISPATCHER));
        system.systemActorOf(
                SweepAgent.create(
                        new SweepAgent.Sources(root, locks, store, settings.sweepAfterDeath(), nanos),
                        settings.sweepInterval()),
                "linchpin-sweep",
                DispatcherSelector.fromConfig(OwnerSharding.DISPATCHER));
    }

    private void join() throws Exception {
        long deadline = System.nanoTime() + settings.startPatience().toNanos();
        Cluster cluster = Cluster.get(Adapter.toClassic(system));
        locks.publish(info -> info.at(
                settings.host(),
                cluster.selfAddress().getPort().orElseThrow(),
                cluster.selfUniqueAddress().longUid()));
        new Formation(cluster, locks).join(settings.startPatience());
        enter(LifeCycle.TAKING);
        boolean all = awaitServed(deadline);
        enter(LifeCycle.READY);
        if (all) {
            LOG.info("node {} is ready: every shard of the cluster is served", locks.self());
        } else {
            LOG.warn(
                    "node {} serves, though not every shard is served: {}",
                    locks.self(),
                    String.join(" ", view.status().waitingFor()));
        }
    }

    /** Whether every shard is served; if not, those that are not are in the hands of a node that stands still. */
    private boolean awaitServed(long deadlineNanos) throws Exception {
        while (true) {
            long left = deadlineNanos - System.nanoTime();
            try {
                view.allServed().get(Math.clamp(left, 1, STUCK_LOOK_NANOS), TimeUnit.NANOSECONDS);
                if (!store.allReplayedInThisBoot()) {
                    fatal.stop("every shard is served, but not every shard has been replayed", null);
                }
                return true;
            } catch (TimeoutException e) {
                if (isRestStuck()) {
                    return false;
                }
                if (left <= STUCK_LOOK_NANOS) {
                    TimeoutException told = new TimeoutException("not ready in time. "
                            + String.join(" ", view.status().waitingFor()));
                    told.initCause(e);
                    throw told;
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * Whether what is not served belongs to nodes that live, but were downed in membership for they do not answer. Each of
     * their shards was replayed in this boot, by them: so this node may open its ports. The others' keys are served, and
     * all can be read.
     */
    private boolean isRestStuck() throws IOException {
        Set<Incarnation> fenced = view.status().nodes().stream()
                .filter(node -> node.alive() && node.fenced())
                .map(node -> new Incarnation(node.incarnation()))
                .collect(Collectors.toSet());
        for (ClusterStatus.Shard shard : view.status().shards()) {
            if (shard.owner() == null && Collections.disjoint(store.journalsListed(shard.shard()), fenced)) {
                return false;
            }
        }
        return !fenced.isEmpty() && store.allReplayedInThisBoot();
    }

    private void enter(LifeCycle next) {
        state.updateAndGet(now -> now.become(next));
    }

    private void addShutdownTasks() {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        task(shutdown, CoordinatedShutdown.PhaseBeforeServiceUnbind(), "linchpin-leaving", () -> {
            enter(LifeCycle.LEAVING);
            try {
                locks.publish(info -> info.withState(NodeInfo.State.LEAVING));
            } catch (IOException e) {
                LOG.warn("cannot say that this node is leaving", e);
            }
            return CompletableFuture.completedFuture(Done.getInstance());
        });
        // Pekko releases a shard's lease and does not wait. The process must not end before the shards are given up
        // and the store is closed, which removes its empty journal. Once the actor system has ended the JVM does too.
        task(
                shutdown,
                CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
                "linchpin-shards",
                () -> shardSetup
                        .allReleased()
                        .thenApplyAsync(
                                _ -> {
                                    closeStore();
                                    return Done.getInstance();
                                },
                                blocking));
        // Not on the thread that ends the JVM: the work may be stuck, and then the end of the process frees the lock.
        system.getWhenTerminated()
                .whenCompleteAsync(
                        (_, _) -> close(), Thread.ofPlatform().daemon().name("linchpin-end")::start);
    }

    private static void task(
            CoordinatedShutdown shutdown, String phase, String name, Supplier<CompletionStage<Done>> body) {
        shutdown.addTask(phase, name, body);
    }

    private void close() {
        // Of a leaving that took longer than its phases may: what they began is still at work.
        shardSetup.allReleased().join();
        shardSetup.close();
        closeStore();
        blocking.shutdownNow();
        endWork.run();
        locks.close();
        root.close();
        enter(LifeCycle.GONE);
    }

    /** Returns when the store is closed, whoever closes it. */
    private synchronized void closeStore() {
        if (!storeClosed) {
            storeClosed = true;
            store.close();
        }
    }

    /** Leaves: ports, shards, cluster, and by {@code exit-jvm} the process. Repeated calls change nothing. */
    public CompletionStage<Done> leave() {
        return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.clusterLeavingReason());
    }

    /** Says on which loopback port of its own this node serves. */
    public void bound(int httpPort) throws IOException {
        locks.publish(info -> info.withHttpPort(httpPort));
    }

    /** Says how to count the uploads that this node is receiving, for the status. */
    public void countUploadsBy(IntSupplier count) {
        uploadsInFlight = count;
    }

    /** Runs when the node begins to leave, before any shard is handed over: the place to close ports and drain them. */
    public void onUnbind(String name, Supplier<CompletionStage<Done>> body) {
        task(CoordinatedShutdown.get(system), CoordinatedShutdown.PhaseServiceUnbind(), name, body);
    }

    public ActorSystem<Void> system() {
        return system;
    }

    public Owners owners() {
        return owners;
    }

    public ClusterView view() {
        return view;
    }

    public NodeLocks locks() {
        return locks;
    }

    public StoreRoot root() {
        return root;
    }

    public ShardStore store() {
        return store;
    }

    public NodeSettings settings() {
        return settings;
    }

    public LifeCycle state() {
        return state.get();
    }
}
