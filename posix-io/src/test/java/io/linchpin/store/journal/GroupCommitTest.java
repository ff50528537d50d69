package io.linchpin.store.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private static final Incarnation NODE = Incarnation.of(0, 1);
    private static final JournalSettings SMALL = new JournalSettings(64 << 10, 4);
    private static final int RECORD_BYTES = 20_000;
    private static final int MORE_THAN_FIT = 40;

    private static CommitRecord record(long sequence) {
        return new CommitRecord(
                Kind.DELETE,
                new CommitRecord.Id(0, 1, sequence),
                UploadId.of(9, sequence),
                new ObjectId(new BucketName("bucket"), new ObjectKey("key")),
                new Stamp(sequence * 64),
                null,
                null,
                new byte[RECORD_BYTES],
                null,
                CommitRecord.ANY_BUCKET);
    }

    /** What is refused is in the oldest segment, so only its void makes room for what waits before the void. */
    @Test
    void aVoidIsNotHeldUpByTheRecordsThatWaitForTheRoomThatItMakes() throws Exception {
        StoreRoot root = StoreRoot.open(new SimulatedDisk(512), Path.of("/"));
        StoreFormat.openOrCreate(root, 1, () -> UploadId.of(1, 1));
        Journal journal = Journal.create(root, NODE, SMALL);
        CountDownLatch voided = new CountDownLatch(1);
        CountDownLatch full = new CountDownLatch(1);
        GroupCommit commits = new GroupCommit(journal, failure -> {});
        CommitRecord refused = record(1);
        LiveRecord live = new LiveRecord(refused);
        commits.commit(live, () -> {});
        journal.onFilling(full::countDown);
        for (int i = 2; i <= MORE_THAN_FIT; i++) {
            commits.commit(new LiveRecord(record(i)), () -> {});
        }
        assertTrue(full.await(30, TimeUnit.SECONDS));
        commits.commit(LiveRecord.voidOf(refused), voided::countDown);
        assertTrue(voided.await(30, TimeUnit.SECONDS), "the void is durable");
        commits.close();
    }
}
