package io.linchpin.store.multipart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.linchpin.posix.sim.PowerCutChoice;
import io.linchpin.posix.sim.SimulatedCrash;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.posix.sim.SyscallHook;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The directory that all uploads of a bucket lie in is durable before any of them is acknowledged. */
class UploadStoreTest {
    private static final BucketName BOX = new BucketName("box");
    private static final long GENERATION = 5;

    private final SimulatedDisk disk = new SimulatedDisk();
    private int syncs;

    @BeforeEach
    void makeAStore() throws Exception {
        try (StoreRoot root = StoreRoot.open(disk, Path.of("/"))) {
            StoreFormat.initialize(root);
        }
    }

    private static UploadRecord upload(int id, long generation) {
        return new UploadRecord(
                new ObjectId(BOX, new ObjectKey("film")),
                UploadId.of(0, id),
                generation,
                Instant.EPOCH,
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                null);
    }

    private static List<UploadId> uploads(StoreRoot root) throws Exception {
        return new UploadStore(root)
                .inProgress(BOX).stream().map(UploadRecord::upload).toList();
    }

    @Test
    void anAcknowledgedUploadIsThereAfterAPowerCutWhoeverMadeItsBucketsDirectory() throws Exception {
        SimulatedProcess dying = disk.newProcess();
        boolean[] made = {false};
        dying.hook((_, call, path, _) -> {
            if (made[0]) {
                throw new SimulatedCrash("before the new directory is synced");
            }
            made[0] = call.equals("mkdirat") && path.endsWith(BOX.value());
            return SyscallHook.PROCEED;
        });
        UploadStore first = new UploadStore(StoreRoot.open(dying, Path.of("/")));
        assertThrows(SimulatedCrash.class, () -> first.create(upload(1, GENERATION)));
        disk.kill(dying);
        UploadRecord acknowledged = upload(2, GENERATION);
        try (StoreRoot root = StoreRoot.open(disk, Path.of("/"))) {
            new UploadStore(root).create(acknowledged);
        }
        try (StoreRoot root = StoreRoot.open(disk.afterPowerCut(PowerCutChoice.OLDEST), Path.of("/"))) {
            assertEquals(List.of(acknowledged.upload()), uploads(root));
        }
    }

    /** How often the directory of all buckets' directories is synced for an upload. */
    private int syncsOf(UploadStore store, UploadRecord upload) throws Exception {
        syncs = 0;
        disk.hook((_, call, path, _) -> {
            syncs += call.equals("fsync") && path.endsWith(Names.UPLOADS) ? 1 : 0;
            return SyscallHook.PROCEED;
        });
        store.create(upload);
        return syncs;
    }

    @Test
    void aProcessSyncsTheDirectoryOfAKnownBucketOnce() throws Exception {
        try (StoreRoot root = StoreRoot.open(disk, Path.of("/"))) {
            UploadStore store = new UploadStore(root);
            assertEquals(1, syncsOf(store, upload(1, GENERATION)));
            assertEquals(0, syncsOf(store, upload(2, GENERATION)));
            assertEquals(1, syncsOf(new UploadStore(root), upload(3, GENERATION)));
        }
    }

    /** It may have been removed since, with the bucket, and made by somebody who has not synced it. */
    @Test
    void theDirectoryOfABucketThatIsAnotherByNowIsSyncedAgain() throws Exception {
        try (StoreRoot root = StoreRoot.open(disk, Path.of("/"))) {
            UploadStore store = new UploadStore(root);
            assertEquals(1, syncsOf(store, upload(1, GENERATION)));
            assertEquals(1, syncsOf(store, upload(2, GENERATION + 1)));
            assertEquals(1, syncsOf(store, upload(3, 0)));
            assertEquals(1, syncsOf(store, upload(4, 0)));
        }
    }
}
