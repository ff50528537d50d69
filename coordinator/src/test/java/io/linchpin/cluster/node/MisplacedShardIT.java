package io.linchpin.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.linchpin.cluster.shard.OwnerBehaviors;
import io.linchpin.posix.NativePosix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes in this process whose regions are told what a slow coordinator may tell them. A node that stops itself has its
 * actor system torn down, which frees its locks as the end of a process does.
 */
class MisplacedShardIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path root;

    private final List<Node> nodes = new ArrayList<>();

    /** @param end why the node stopped itself, and what it showed then */
    private record Node(LinchpinNode node, CompletableFuture<End> end) {
        ActorRef region() {
            return ClusterSharding.get(classic()).shardRegion("owner");
        }

        /** This node's region as a message from elsewhere names it. */
        String address() {
            return region().path()
                    .toSerializationFormatWithAddress(classic().provider().getDefaultAddress());
        }

        ActorRef resolve(String address) {
            return classic().provider().resolveActorRef(address);
        }

        private ExtendedActorSystem classic() {
            return (ExtendedActorSystem) Adapter.toClassic(node.system());
        }

        List<Integer> shards(ClusterStatus seen) {
            return seen.shards().stream()
                    .filter(shard -> node.locks().self().value().equals(shard.owner()))
                    .map(ClusterStatus.Shard::shard)
                    .toList();
        }

        End awaitEnd() throws Exception {
            return end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private record End(String why, List<String> shown) {}

    @BeforeEach
    void startTwo() throws Exception {
        List<CompletableFuture<Node>> starting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            CompletableFuture<Node> started = new CompletableFuture<>();
            starting.add(started);
            Thread _ = Thread.ofPlatform().daemon().start(() -> {
                try {
                    started.complete(start());
                } catch (Exception e) {
                    started.completeExceptionally(e);
                }
            });
        }
        for (CompletableFuture<Node> started : starting) {
            nodes.add(started.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    private Node start() throws Exception {
        Config overrides = ConfigFactory.parseMap(Map.of(
                "linchpin.root",
                root.toString(),
                "linchpin.shards",
                8,
                "linchpin.cluster.tls",
                false,
                "linchpin.cluster.expected-nodes",
                2,
                "linchpin.shard-lease.long-wait",
                "1 s",
                "pekko.coordinated-shutdown.exit-jvm",
                "off",
                "pekko.coordinated-shutdown.run-by-jvm-shutdown-hook",
                "off",
                "pekko.coordinated-shutdown.run-by-actor-system-terminate",
                "off"));
        CompletableFuture<LinchpinNode> node = new CompletableFuture<>();
        CompletableFuture<End> end = new CompletableFuture<>();
        node.complete(LinchpinNode.start(
                NodeSettings.load(Optional.empty(), overrides),
                new LinchpinNode.Parts(
                        new NativePosix(),
                        FileShardStore.factory(),
                        _ -> new OwnerBehaviors(),
                        (_, _) -> {},
                        (why, _) -> {
                            LinchpinNode stopping = node.join();
                            end.complete(new End(why, stopping.view().status().waitingFor()));
                            stopping.system().terminate();
                        },
                        () -> {})));
        return new Node(node.join(), end);
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> node.node().system().terminate());
        nodes.forEach(node ->
                node.node().system().getWhenTerminated().toCompletableFuture().join());
    }

    private static ClusterStatus await(Node node, Predicate<ClusterStatus> expected) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        ClusterStatus status = node.node().view().status();
        while (!expected.test(status)) {
            assertTrue(System.nanoTime() < deadline, status.toString());
            Thread.sleep(20);
            status = node.node().view().status();
        }
        return status;
    }

    private static void awaitServesAll(Node node) throws InterruptedException {
        await(node, status -> node.shards(status).size() == 8);
    }

    @Test
    void aNodeWhoseRegionFailsEndsAndTheOtherServesItsShards() throws Exception {
        Node failing = nodes.get(0);
        Node other = nodes.get(1);
        List<Integer> shards = failing.shards(await(other, ClusterStatus::ready));
        assertFalse(shards.isEmpty());
        // A message for no owner is dropped, and is no failure.
        failing.region().tell(new ShardingEnvelope<>("z-of-a-later-version", "ignored"), ActorRef.noSender());
        failing.region()
                .tell(RegionMessages.shardHome(shards.get(0), failing.resolve(other.address())), ActorRef.noSender());
        // In its mailbox behind what it fails of: the region that is started in its place hosts this shard.
        failing.region().tell(RegionMessages.hostShard(shards.getLast()), ActorRef.noSender());
        String why = failing.awaitEnd().why();
        assertTrue(why.contains("region failed") && why.contains("Unexpected change of shard"), why);
        awaitServesAll(other);
        assertFalse(other.end().isDone());
    }

    @Test
    void aNodeThatKeepsAnothersShardIsNamedAndEndsAndTheOwnerServesIt() throws Exception {
        Node keeper = nodes.get(0);
        Node owner = nodes.get(1);
        int shard = owner.shards(await(keeper, ClusterStatus::ready)).getFirst();
        // Told once more to host it after it was handed over: it waits for the lock, and takes it as soon as it is
        // free.
        keeper.region().tell(RegionMessages.hostShard(shard), ActorRef.noSender());
        owner.region().tell(RegionMessages.handOff(shard), ActorRef.noSender());
        End end = keeper.awaitEnd();
        assertTrue(
                end.why().startsWith("shard " + shard + " is here (")
                        && end.why().contains("has placed it on"),
                end.why());
        List<String> waits = end.shown().stream()
                .filter(sentence -> sentence.contains(" s for the lock of shard " + shard + ": node "))
                .toList();
        assertEquals(1, waits.size(), end.shown().toString());
        assertTrue(
                waits.getFirst().endsWith("(pid " + ProcessHandle.current().pid() + ") holds it."), waits.getFirst());
        awaitServesAll(owner);
        assertFalse(owner.end().isDone());
    }
}
