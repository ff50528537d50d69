package io.linchpin.cluster.multipart;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.shard.OwnerContext;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.multipart.PartFile;
import io.linchpin.store.multipart.RangeCopy;
import io.linchpin.store.multipart.UploadCompletion;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UploadSessionTest {
    private static final ObjectId FILM = new ObjectId(new BucketName("box"), new ObjectKey("film"));
    private static final UploadId UPLOAD = UploadId.of(7, 7);

    private final ActorTestKit kit = ActorTestKit.create();

    /** Steps that wait for a thread. */
    private final BlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private MultipartServices services(StoreRoot root, UploadStore store) {
        return new MultipartServices(
                store,
                new UploadCompletion(root, Incarnation.of(0, 1), _ -> false, new RangeCopy(true, 0)),
                _ -> Optional.empty(),
                steps::add,
                InstantSource.fixed(Instant.EPOCH),
                () -> 0,
                () -> UPLOAD,
                new MultipartServices.Settings(
                        1,
                        Duration.ofSeconds(5),
                        PartFile.Limits.DEFAULT,
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        Optional.empty()));
    }

    private OwnerContext owner() {
        OwnedShard none = (OwnedShard) Proxy.newProxyInstance(
                OwnedShard.class.getClassLoader(), new Class<?>[] {OwnedShard.class}, (_, method, _) -> {
                    throw new AssertionError(method);
                });
        return new OwnerContext(
                OwnerId.of(UPLOAD),
                none,
                kit.<ClusterSharding.ShardCommand>createTestProbe().getRef());
    }

    @Test
    void aStepThatHasNotBegunWhenItsSessionStopsIsNotDone() throws Exception {
        StoreRoot root = StoreRoot.open(new SimulatedDisk(), Path.of("/"));
        StoreFormat.initialize(root);
        UploadStore store = new UploadStore(root);
        store.create(new UploadRecord(FILM, UPLOAD, 1, Instant.EPOCH, Map.of(), Map.of(), Map.of(), null, null));
        ActorRef<UploadSession.Message> session =
                kit.spawn(UploadSession.create(owner(), services(root, store), (_, _) -> new CompletableFuture<>()));
        session.tell(new UploadSession.Abort(
                FILM, kit.<MultipartOutcome>createTestProbe().getRef()));
        // The look for what others have left; then the abort.
        steps.take().run();
        Runnable abort = steps.take();
        kit.stop(session);
        abort.run();
        assertTrue(store.open(FILM.bucket(), UPLOAD).isPresent());
    }
}
