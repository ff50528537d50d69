package io.linchpin.cluster.multipart;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.ForwardingPosix;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.multipart.PartFile;
import io.linchpin.store.multipart.RangeCopy;
import io.linchpin.store.multipart.UploadCompletion;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A connection that breaks while its part is being made durable. */
class UploadPartTest {
    private static final Incarnation SELF = Incarnation.of(0, 1);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final ObjectId FILM = new ObjectId(new BucketName("box"), new ObjectKey("film"));
    private static final UploadId UPLOAD = UploadId.of(7, 7);
    private static final ETag MD5 = new ETag("0".repeat(32));

    private final SimulatedDisk disk = new SimulatedDisk();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final CountDownLatch within = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private long ids;

    private final Posix posix = new ForwardingPosix() {
        @Override
        protected Posix delegate() {
            return disk;
        }

        @Override
        public int fdatasync(int fd) {
            if (armed.compareAndSet(true, false)) {
                within.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return super.fdatasync(fd);
        }
    };

    private UploadId id() {
        return UploadId.of(1, ++ids);
    }

    private MultipartServices services(StoreRoot root, UploadStore store) {
        return new MultipartServices(
                store,
                new UploadCompletion(root, SELF, dead -> false, new RangeCopy(true, 0)),
                object -> Optional.empty(),
                Runnable::run,
                InstantSource.fixed(NOW),
                () -> 0,
                this::id,
                new MultipartServices.Settings(
                        1,
                        Duration.ofSeconds(5),
                        PartFile.Limits.DEFAULT,
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        Optional.empty()));
    }

    @Test
    void aPartThatIsHandedOverIsClosedByTheAnswerAlone() throws Exception {
        StoreRoot root = StoreRoot.open(posix, Path.of("/"));
        StoreFormat.initialize(root);
        UploadStore store = new UploadStore(root);
        store.create(new UploadRecord(FILM, UPLOAD, 1, NOW, Map.of(), Map.of(), Map.of(), null, null));
        PartFile file = PartFile.open(
                store.open(FILM.bucket(), UPLOAD).orElseThrow(),
                SELF,
                new PartNumber(1),
                3,
                PartFile.Limits.DEFAULT,
                this::id);
        CompletableFuture<MultipartOutcome> answer = new CompletableFuture<>();
        UploadPart part = new UploadPart(file, services(root, store), prepared -> answer);
        part.write(ByteBuffer.wrap(new byte[3]));
        armed.set(true);
        CompletableFuture<MultipartOutcome.OfPart> finished = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                part.finish(MD5, null).whenComplete((outcome, failure) -> {
                    if (failure == null) {
                        finished.complete(outcome);
                    } else {
                        finished.completeExceptionally(failure);
                    }
                });
            } catch (Exception e) {
                finished.completeExceptionally(e);
            }
        });
        within.await();
        Thread closer = Thread.ofPlatform().daemon().start(part::close);
        while (closer.getState() != Thread.State.BLOCKED && closer.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        assertTrue(closer.isAlive(), "close did not wait for the sync");
        goOn.countDown();
        closer.join();
        // The session did not take it, so the record is taken back: which needs the directory still open.
        answer.complete(new MultipartOutcome.Busy("not now"));
        assertInstanceOf(MultipartOutcome.Busy.class, finished.get());
    }
}
