package io.linchpin.store.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.posix.sim.ForwardingPosix;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.journal.CommitRecord.Staged;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final Incarnation NODE = Incarnation.of(0, 1);
    private static final JournalSettings SMALL = new JournalSettings(64 << 10, 4);

    private final SimulatedDisk disk = new SimulatedDisk(512);
    private StoreRoot root;
    private Journal journal;

    JournalTest() throws IOException {
        root = StoreRoot.open(disk, Path.of("/"));
        StoreFormat.openOrCreate(root, 1, () -> UploadId.of(1, 1));
        journal = Journal.create(root, NODE, SMALL);
    }

    private static CommitRecord record(long sequence, int bytes) {
        byte[] body = new byte[bytes];
        new Random(sequence).nextBytes(body);
        return new CommitRecord(
                Kind.PUT,
                new CommitRecord.Id(0, 3, sequence),
                UploadId.of(9, sequence),
                new ObjectId(new BucketName("bucket"), new ObjectKey("a/é/" + sequence)),
                new Stamp(sequence * 64),
                sequence % 2 == 0 ? null : new Identity(sequence, 2, 3),
                new Staged(NODE, sequence, bytes),
                new byte[] {1, 2, 3},
                body,
                sequence % 3 == 0 ? CommitRecord.ANY_BUCKET : sequence);
    }

    private LiveRecord append(long sequence, int bytes) throws IOException, InterruptedException {
        LiveRecord live = new LiveRecord(record(sequence, bytes));
        journal.append(List.of(live));
        return live;
    }

    private void afterPowerCut(boolean newest) throws IOException {
        disk.powerCut(
                newest ? io.linchpin.posix.sim.PowerCutChoice.NEWEST : io.linchpin.posix.sim.PowerCutChoice.OLDEST);
        root = StoreRoot.open(disk, Path.of("/"));
    }

    @Test
    void aJournalThatFindsNoRoomLeavesNothingThatTakesSome() throws Exception {
        Incarnation late = Incarnation.of(0, 2);
        for (int refused = 1; refused <= 4; refused++) {
            FullDisk full = new FullDisk(disk, refused);
            StoreRoot onFullDisk = StoreRoot.open(full, Path.of("/"));
            PosixException failure = assertThrows(PosixException.class, () -> Journal.create(onFullDisk, late, SMALL));
            assertEquals(Errno.ENOSPC, failure.errno());
            try (Fd journals = Fd.adopt(disk, root.openDirectory(Names.JOURNAL), Names.JOURNAL)) {
                assertEquals(
                        List.of(NODE.value()),
                        FileIo.list(journals).stream().map(DirEntry::name).toList());
            }
            onFullDisk.close();
        }
    }

    /** Has no room for one write. */
    private static final class FullDisk extends ForwardingPosix {
        private final Posix disk;
        private int untilRefused;

        FullDisk(Posix disk, int refused) {
            this.disk = disk;
            this.untilRefused = refused;
        }

        @Override
        protected Posix delegate() {
            return disk;
        }

        @Override
        public long pwrite(int fd, ByteBuffer from, long offset) {
            return --untilRefused == 0 ? -Errno.ENOSPC : super.pwrite(fd, from, offset);
        }
    }

    @Test
    void whatWasAppendedIsReadBackWithItsMarks() throws Exception {
        append(1, 100);
        append(2, 5000);
        journal.mark(List.of(new CommitRecord.Id(0, 3, 1)));
        JournalIndex index = JournalIndex.read(root, NODE);
        assertEquals(2, index.of(0).size());
        CommitRecord second = index.load(index.of(0).get(1));
        CommitRecord expected = record(2, 5000);
        assertEquals(expected.object(), second.object());
        assertEquals(expected.staged(), second.staged());
        assertEquals(expected.bucketGeneration(), second.bucketGeneration());
        assertArrayEquals(expected.inline(), second.inline());
        assertTrue(index.isMarked(new CommitRecord.Id(0, 3, 1)));
        assertFalse(index.isMarked(new CommitRecord.Id(0, 3, 2)));
    }

    @Test
    void whatWasSyncedSurvivesAPowerCutAndTheRestIsATail() throws Exception {
        append(1, 100);
        append(2, 3000);
        journal.sync();
        append(3, 3000);
        afterPowerCut(false);
        assertEquals(2, JournalIndex.read(root, NODE).of(0).size());
    }

    @Test
    void aHoleAmongWhatWasNeverSyncedIsATailAndNotCorruption() throws Exception {
        append(1, 100);
        journal.sync();
        long from = append(2, 3000).id().sequence();
        append(3, 3000);
        append(4, 3000);
        assertEquals(2, from);
        for (int seed = 0; seed < 200; seed++) {
            SimulatedDisk cut = disk.fork();
            cut.powerCut(new Random(seed));
            try (StoreRoot after = StoreRoot.open(cut, Path.of("/"))) {
                int found = JournalIndex.read(after, NODE).of(0).size();
                assertTrue(found >= 1 && found <= 4, "seed " + seed + ": " + found);
            }
        }
    }

    @Test
    void bytesThatWereDurableAndHaveChangedAreCorruption() throws Exception {
        append(1, 100);
        journal.sync();
        append(2, 100);
        journal.sync();
        int fd = disk.openat2(root.fd(), Names.journal(NODE) + "/seg-0000", Posix.O_RDWR, 0, StoreRoot.BENEATH);
        disk.pwrite(fd, ByteBuffer.wrap(new byte[] {42}), SegmentFormat.FIRST_BATCH + 100);
        assertThrows(CorruptJournalException.class, () -> JournalIndex.read(root, NODE));
    }

    @Test
    void aHeaderThatNobodyWroteIsCorruption() throws Exception {
        append(1, 100);
        journal.sync();
        int fd = disk.openat2(root.fd(), Names.journal(NODE) + "/seg-0000", Posix.O_RDWR, 0, StoreRoot.BENEATH);
        disk.pwrite(fd, ByteBuffer.wrap(new byte[] {42}), 3);
        assertThrows(CorruptJournalException.class, () -> JournalIndex.read(root, NODE));
    }

    @Test
    void segmentsAreRecycledInOrderAndTheirRecordsNeverComeBack() throws Exception {
        LiveRecord first = append(1, 20_000);
        append(2, 20_000);
        append(3, 20_000);
        append(4, 20_000);
        journal.sync();
        first.setPublished(LiveRecord.Published.NOTHING);
        assertTrue(journal.retirable().isEmpty(), "record 2 is not published and shares the segment");

        LiveRecord last = append(5, 100);
        assertFalse(last.isPublished());
        assertEquals(5, JournalIndex.read(root, NODE).of(0).size());
    }

    @Test
    void aQuietJournalEmpties() throws Exception {
        LiveRecord live = append(1, 100);
        journal.sync();
        live.setPublished(LiveRecord.Published.NOTHING);
        List<Journal.Retirable> retirable = journal.retirable();
        assertEquals(1, retirable.size());
        journal.recycle(retirable.getFirst());
        assertEquals(0, journal.liveRecords());
        assertTrue(JournalIndex.read(root, NODE).of(0).isEmpty());
        append(2, 100);
        journal.sync();
        afterPowerCut(false);
        assertEquals(1, JournalIndex.read(root, NODE).of(0).size());
    }

    @Test
    void aReusedSegmentNeverShowsTheRecordsOfItsEarlierLife() throws Exception {
        for (int round = 1; round <= 12; round++) {
            LiveRecord live = append(round, 15_000);
            journal.sync();
            live.setPublished(LiveRecord.Published.NOTHING);
            for (Journal.Retirable r : journal.retirable()) {
                journal.recycle(r);
            }
        }
        append(99, 100);
        JournalIndex index = JournalIndex.read(root, NODE);
        assertEquals(1, index.of(0).size());
        assertEquals(99, index.of(0).getFirst().id().sequence());
    }

    @Test
    void aStagingDirectoryIsReferredToUntilItsRecordsAreRetired() throws Exception {
        LiveRecord live = append(1, 10);
        journal.sync();
        assertTrue(journal.refersTo(NODE));
        live.setPublished(LiveRecord.Published.NOTHING);
        journal.recycle(journal.retirable().getFirst());
        assertFalse(journal.refersTo(NODE));
    }
}
