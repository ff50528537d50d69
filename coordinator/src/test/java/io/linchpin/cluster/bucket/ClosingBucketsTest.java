package io.linchpin.cluster.bucket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.SimulatedCrash;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.posix.sim.SyscallHook;
import io.linchpin.store.bucket.BucketLife;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClosingBucketsTest {
    private static final BucketName BOX = new BucketName("box");
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    private final SimulatedDisk disk = new SimulatedDisk();
    private final AtomicLong count = new AtomicLong();

    private BucketLife life(StoreRoot root) {
        return new BucketLife(
                root,
                Incarnation.of(3, 4),
                new BucketStates(root),
                () -> NOW,
                count::incrementAndGet,
                () -> UploadId.of(0, count.incrementAndGet()));
    }

    private StoreRoot open() throws IOException {
        return StoreRoot.open(disk.newProcess(), Path.of("/"));
    }

    /** Its uploads and its sidecars are nobody's then. */
    @Test
    void ofABucketWhoseRemovalWasCutShortTheRestIsRemoved() throws IOException {
        makeAClosingBucketWithAnUpload();
        dieAfterTheBucketsDirectoryIsRemoved();
        try (StoreRoot root = open()) {
            BucketStates states = new BucketStates(root);
            assertTrue(states.read(BOX).isEmpty());
            assertEquals(1, new UploadStore(root).ids(BOX).size());
            new ClosingBuckets(states, new BucketFiles(root, states, life(root), 1)).look();
            assertEquals(List.of(), new UploadStore(root).ids(BOX));
            assertEquals(List.of(), states.closing());
        }
    }

    @Test
    void aDamagedStateOfAnotherBucketDoesNotKeepItClosed() throws IOException {
        makeAClosingBucketWithAnUpload();
        try (StoreRoot root = open()) {
            BucketLife life = life(root);
            life.create(new BucketName("damaged"), "");
            try (Fd states = Fd.open(root.posix(), root.fd(), Names.BUCKETS, Posix.O_RDONLY, 0, StoreRoot.BENEATH)) {
                FileIo.unlinkIfPresent(states, "damaged");
                FileIo.createSmall(states, "damaged", 0600, new byte[] {'?'}).close();
            }
            BucketStates states = new BucketStates(root);
            ClosingBuckets closing = new ClosingBuckets(states, new BucketFiles(root, states, life, 1));
            assertEquals(Set.of(), closing.look());
            assertEquals(Set.of(), closing.look());
            assertEquals(Set.of(BOX), closing.look());
            assertEquals(BucketState.Status.OPEN, states.read(BOX).orElseThrow().status());
        }
    }

    private void makeAClosingBucketWithAnUpload() throws IOException {
        try (StoreRoot root = open()) {
            StoreFormat.openOrCreate(root, 1, () -> UploadId.of(7, 7));
            BucketState made = ((BucketLife.Creation.Created) life(root).create(BOX, "")).state();
            new UploadStore(root)
                    .create(new UploadRecord(
                            new ObjectId(BOX, new ObjectKey("film")),
                            UploadId.of(1, 1),
                            made.generation(),
                            NOW,
                            Map.of(),
                            Map.of(),
                            Map.of(),
                            null,
                            null));
            life(root)
                    .write(new BucketState(
                            BOX, made.generation(), BucketState.Status.CLOSING, made.createdAt(), made.region()));
        }
    }

    private void dieAfterTheBucketsDirectoryIsRemoved() throws IOException {
        SimulatedProcess process = disk.newProcess();
        AtomicBoolean removed = new AtomicBoolean();
        StoreRoot root = StoreRoot.open(process, Path.of("/"));
        process.hook((index, call, path, length) -> {
            if (removed.get() && call.equals("fsync")) {
                throw new SimulatedCrash("before anything is purged");
            }
            removed.compareAndSet(false, call.equals("unlinkat") && path.equals(BOX.value()));
            return SyscallHook.PROCEED;
        });
        assertThrows(SimulatedCrash.class, () -> life(root).remove(BOX));
        disk.kill(process);
    }
}
