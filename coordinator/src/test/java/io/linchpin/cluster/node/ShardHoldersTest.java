package io.linchpin.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import io.linchpin.posix.NativePosix;
import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.NodeLocks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over the real store: the words come of its ledger. */
class ShardHoldersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    @Test
    void theOwnerIsNamedFromTheTakeOverUntilTheShardIsGivenUp() throws Exception {
        NodeSettings settings =
                NodeSettings.load(Optional.empty(), ConfigFactory.parseMap(Map.of("linchpin.root", dir.toString())));
        try (StoreRoot root = StoreRoot.open(new NativePosix(), dir);
                NodeLocks locks = NodeLocks.join(root, LinchpinNode::wallNanos, PATIENCE);
                ShardStore store = new LocalStores(settings.store())
                        .prepare(root, 16)
                        .open(locks, (why, _) -> {
                            throw new AssertionError(why);
                        })) {
            ShardHolders holders = new ShardHolders(store, locks);
            assertEquals("its file names no living node", holders.inWords(3));
            OwnedShard shard = store.tryTake(3).orElseThrow();
            String self =
                    "node " + locks.self() + " (pid " + ProcessHandle.current().pid() + ")";
            assertEquals(self + " holds it", holders.inWords(3));
            shard.closeGate();
            shard.giveUp();
            assertEquals("its file names no living node", holders.inWords(3));
        }
    }
}
