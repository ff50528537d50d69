package io.linchpin.store.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.fuzz.FuzzTarget;
import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.journal.CommitRecord.Staged;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A batch's payload after a byte that says how many entries it has; and the same bytes as a whole segment. An entry that is
 * read is written as the same bytes; an index finds what the entries are; all else is a CorruptJournalException.
 */
public final class JournalFuzz implements FuzzTarget {
    private static final Incarnation NODE = Incarnation.of(0, 1);
    private static final int SHARD = 3;

    @Override
    public List<byte[]> seeds() {
        ObjectId object = new ObjectId(new BucketName("bucket"), new ObjectKey("dir/ké"));
        CommitRecord.Id id = new CommitRecord.Id(SHARD, 4, 5);
        byte[] put = RecordCodec.encode(new CommitRecord(
                Kind.PUT,
                id,
                UploadId.of(6, 7),
                object,
                new Stamp(8),
                new Identity(9, 10, 11),
                new Staged(NODE, 12, 13),
                new byte[] {1, 2, 3},
                new byte[] {4, 5},
                14));
        byte[] delete = RecordCodec.encode(new CommitRecord(
                Kind.DELETE,
                id,
                UploadId.of(6, 8),
                object,
                new Stamp(9),
                null,
                null,
                new byte[0],
                null,
                CommitRecord.ANY_BUCKET));
        byte[] marks = RecordCodec.encodeMarks(List.of(id, new CommitRecord.Id(SHARD, 4, 6)));
        byte[] batch = payload(2, put, marks);
        return List.of(payload(1, put), payload(1, delete), payload(1, marks), batch, segment(batch));
    }

    private static byte[] payload(int entries, byte[]... encoded) {
        int length = 1 + Arrays.stream(encoded).mapToInt(e -> e.length).sum();
        ByteBuffer out = ByteBuffer.allocate(length).put((byte) entries);
        Arrays.stream(encoded).forEach(out::put);
        return out.array();
    }

    /** A segment of one batch. */
    private static byte[] segment(byte[] input) {
        List<byte[]> entries = List.of(Arrays.copyOfRange(input, 1, input.length));
        ByteBuffer out = ByteBuffer.allocate(SegmentFormat.span(input.length - 1));
        SegmentFormat.encode(out, 1, 1, 1, entries, input.length - 1);
        out.putInt(12, input[0]);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(out.slice(8, SegmentFormat.BATCH_HEADER - 8 + input.length - 1));
        out.putInt(4, (int) crc.getValue());
        return ByteBuffer.allocate(SegmentFormat.FIRST_BATCH + out.limit())
                .put(0, SegmentFormat.header(1, 1), 0, SegmentFormat.HEADER)
                .put(SegmentFormat.FIRST_BATCH, out.array())
                .array();
    }

    @Override
    public boolean run(byte[] input) throws Exception {
        if (input.length == 0) {
            return false;
        }
        boolean entries = entries(input);
        boolean sealed = index(segment(input)) >= 0;
        index(input);
        return entries && sealed;
    }

    private static boolean entries(byte[] input) {
        ByteBuffer in = ByteBuffer.wrap(input, 1, input.length - 1);
        try {
            while (in.hasRemaining()) {
                int from = in.position();
                byte[] written = switch (RecordCodec.decode(in)) {
                    case RecordCodec.Entry.Commit(CommitRecord record) -> RecordCodec.encode(record);
                    case RecordCodec.Entry.Published(var ids) -> RecordCodec.encodeMarks(ids);
                };
                assertArrayEquals(Arrays.copyOfRange(input, from, in.position()), written);
            }
            return true;
        } catch (CorruptJournalException e) {
            return false;
        }
    }

    /** How many records of the shard an index finds and loads; -1 where it refuses. */
    private static int index(byte[] segment) throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        disk.mkdirat(Posix.AT_FDCWD, "/" + Names.HOME, 0700);
        disk.mkdirat(Posix.AT_FDCWD, "/" + Names.JOURNAL, 0700);
        disk.mkdirat(Posix.AT_FDCWD, "/" + Names.journal(NODE), 0700);
        String path = "/" + Names.journal(NODE) + "/seg-0000";
        int fd = disk.openat2(Posix.AT_FDCWD, path, Posix.O_WRONLY | Posix.O_CREAT, 0600, 0);
        disk.pwrite(fd, ByteBuffer.wrap(segment), 0);
        try (StoreRoot root = StoreRoot.open(disk, Path.of("/"));
                JournalIndex index = JournalIndex.read(root, NODE)) {
            List<CommitRecord> records = new ArrayList<>();
            for (JournalIndex.Location at : index.of(SHARD)) {
                records.add(index.load(at));
                assertEquals(at.id(), records.getLast().id());
            }
            return records.size();
        } catch (CorruptJournalException e) {
            return -1;
        }
    }
}
