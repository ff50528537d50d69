package io.linchpin.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.linchpin.cluster.shard.OwnerBehaviors;
import io.linchpin.posix.NativePosix;
import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.Fatal;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.node.Peer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node in this process that leaves while its owner still works in the store. */
class LeavingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    @Test
    void aNodeKeepsItsLockUntilTheWorkInItsStoreHasEnded() throws Exception {
        LinchpinNode node = start(FileShardStore.factory());
        node.leave();
        assertTrue(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        node.system().getWhenTerminated().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try (StoreRoot root = StoreRoot.open(new NativePosix(), dir)) {
            assertEquals(List.of(true), locksHeld(root));
            ended.countDown();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (node.state() != LifeCycle.GONE && System.nanoTime() < deadline) {
                Thread.sleep(10);
            }
            assertEquals(List.of(false), locksHeld(root));
        }
    }

    @Test
    void andUntilTheStoreIsClosedHoweverLongThatTakes() throws Exception {
        ended.countDown();
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        LinchpinNode node = start((root, newStoreShards) -> {
            ShardStoreFactory.Prepared prepared = FileShardStore.factory().prepare(root, newStoreShards);
            return new ShardStoreFactory.Prepared() {
                @Override
                public int shards() {
                    return prepared.shards();
                }

                @Override
                public ShardStore open(NodeLocks locks, Fatal fatal) throws IOException {
                    return closingWith(prepared.open(locks, fatal), closing, closed);
                }
            };
        });
        node.leave();
        assertTrue(closing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        node.system().getWhenTerminated().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try (StoreRoot root = StoreRoot.open(new NativePosix(), dir)) {
            assertFalse(asked.await(1, TimeUnit.SECONDS), "nothing goes on before");
            assertEquals(List.of(true), locksHeld(root));
            closed.countDown();
            assertTrue(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    private static ShardStore closingWith(ShardStore store, CountDownLatch closing, CountDownLatch closed) {
        return (ShardStore) Proxy.newProxyInstance(
                ShardStore.class.getClassLoader(), new Class<?>[] {ShardStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closing.countDown();
                        closed.await();
                    }
                    return method.invoke(store, arguments);
                });
    }

    private static List<Boolean> locksHeld(StoreRoot root) throws Exception {
        return NodeLocks.look(root).stream().map(Peer::alive).toList();
    }

    private LinchpinNode start(ShardStoreFactory stores) throws Exception {
        Map<String, Object> overrides = Map.of(
                "linchpin.root",
                dir.toString(),
                "linchpin.shards",
                1,
                "linchpin.cluster.tls",
                false,
                "pekko.coordinated-shutdown.phases.before-actor-system-terminate.timeout",
                "100 ms",
                "pekko.coordinated-shutdown.exit-jvm",
                "off",
                "pekko.coordinated-shutdown.run-by-jvm-shutdown-hook",
                "off");
        return LinchpinNode.start(
                NodeSettings.load(Optional.empty(), ConfigFactory.parseMap(overrides)),
                new LinchpinNode.Parts(
                        new NativePosix(),
                        stores,
                        _ -> new OwnerBehaviors(),
                        (_, _) -> {},
                        (why, cause) -> {
                            throw new AssertionError(why, cause);
                        },
                        this::endWork));
    }

    private void endWork() {
        asked.countDown();
        try {
            assertTrue(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
