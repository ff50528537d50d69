package io.linchpin.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.NativePosix;
import io.linchpin.posix.sim.MountedAs;
import io.linchpin.store.bucket.BucketLife;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.journal.JournalSettings;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores as nodes open them. */
class LocalStoresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final BucketName FILMS = new BucketName("films");
    private static final StoreSettings SETTINGS =
            new StoreSettings(new JournalSettings(16 << 20, 4), 1, 64, 1024, 1 << 20, Duration.ofSeconds(2));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @Test
    void aBucketThatIsBeingDeletedIsNotGone() throws Exception {
        Files.createDirectory(dir.resolve(FILMS.value()));
        try (StoreRoot root = StoreRoot.open(new NativePosix(), dir)) {
            ShardStoreFactory.Prepared prepared = new LocalStores(SETTINGS).prepare(root, 1);
            try (NodeLocks locks = NodeLocks.join(root, LinchpinNode::wallNanos, PATIENCE);
                    ShardStore store = prepared.open(locks, (why, cause) -> {
                        throw new AssertionError(why, cause);
                    })) {
                OwnedShard shard = store.tryTake(0).orElseThrow();
                BucketStates states = new BucketStates(root);
                BucketLife life = new BucketLife(
                        root,
                        locks.self(),
                        states,
                        InstantSource.system(),
                        () -> 1,
                        () -> UploadId.of(3, System.nanoTime()));
                life.write(new BucketState(FILMS, 0, BucketState.Status.CLOSING, Instant.EPOCH, ""));
                assertEquals(new Outcome.Busy(Outcome.Wait.CHANGE, "the bucket is being deleted"), delete(shard, 1));
                life.write(new BucketState(FILMS, 0, BucketState.Status.OPEN, Instant.EPOCH, ""));
                assertEquals(new Outcome.Deleted(false), delete(shard, 2));
                shard.giveUp();
            }
        }
    }

    /** One that took it for unreplayed would end itself whenever it is started beside others. */
    @Test
    void whatANodeHasReplayedIsReplayedForOneThatSeesAnotherMount() throws Exception {
        try (StoreRoot root = StoreRoot.open(new NativePosix(), dir);
                NodeLocks locks = NodeLocks.join(root, LinchpinNode::wallNanos, PATIENCE);
                ShardStore store = open(root, locks);
                StoreRoot otherRoot = StoreRoot.open(new MountedAs(1L << 40, true), dir);
                NodeLocks otherLocks = NodeLocks.join(otherRoot, LinchpinNode::wallNanos, PATIENCE);
                ShardStore other = open(otherRoot, otherLocks)) {
            OwnedShard shard = store.tryTake(0).orElseThrow();
            assertTrue(store.allReplayedInThisBoot());
            assertTrue(other.allReplayedInThisBoot());
            shard.giveUp();
        }
    }

    private static ShardStore open(StoreRoot root, NodeLocks locks) throws IOException {
        return new LocalStores(SETTINGS).prepare(root, 1).open(locks, (why, cause) -> {
            throw new AssertionError(why, cause);
        });
    }

    private static Outcome delete(OwnedShard shard, int id) throws Exception {
        CompletableFuture<Outcome> told = new CompletableFuture<>();
        ObjectId object = new ObjectId(FILMS, new ObjectKey("cat"));
        shard.submit(
                new Mutation.Delete(UploadId.of(5, id), object, Preconditions.NONE, 0, Long.MAX_VALUE),
                false,
                told::complete);
        return told.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
