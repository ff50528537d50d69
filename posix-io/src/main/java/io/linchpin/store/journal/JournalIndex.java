package io.linchpin.store.journal;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a journal holds, read once after its node's death (or of our own, while nothing is written to the shard asked
 * for): where each shard's records are, and which are marked as published. Records are decoded on demand, so that a
 * take-over's memory does not grow with the journal.
 */
public final class JournalIndex implements AutoCloseable {
    private final StoreRoot root;
    private final Incarnation incarnation;
    private final Map<String, Fd> open = new HashMap<>();
    private final Map<Integer, List<Location>> shards = new HashMap<>();
    private final Set<CommitRecord.Id> marks = new HashSet<>();

    /** Where one record is. */
    public record Location(
            Incarnation journal, String segment, long offset, int length, CommitRecord.Id id, boolean isVoid) {}

    private JournalIndex(StoreRoot root, Incarnation incarnation) {
        this.root = root;
        this.incarnation = incarnation;
    }

    /**
     * Reads a journal.
     *
     * @throws CorruptJournalException where bytes that had been durable are not what was written
     */
    public static JournalIndex read(StoreRoot root, Incarnation incarnation) throws IOException {
        JournalIndex index = new JournalIndex(root, incarnation);
        int dir = root.openDirectory(Names.journal(incarnation));
        if (dir == -Errno.ENOENT) {
            throw new CorruptJournalException("a ledger lists the journal of " + incarnation + ", which is not there");
        }
        PosixException.check(dir, "openat2", Names.journal(incarnation));
        try (Fd directory = Fd.adopt(root.posix(), dir, Names.journal(incarnation))) {
            index.readSegments(directory);
        }
        return index;
    }

    public List<Location> of(int shard) {
        return shards.getOrDefault(shard, List.of());
    }

    public boolean isMarked(CommitRecord.Id id) {
        return marks.contains(id);
    }

    /** Reads and decodes one record. */
    public synchronized CommitRecord load(Location at) throws IOException {
        String path = Names.journal(at.journal()) + "/" + at.segment();
        Fd fd = open.get(path);
        if (fd == null) {
            fd = Fd.open(root.posix(), root.fd(), path, Posix.O_RDONLY, 0, StoreRoot.BENEATH);
            open.put(path, fd);
        }
        ByteBuffer entry = ByteBuffer.allocate(at.length());
        if (FileIo.readFully(fd, entry, at.offset()) != at.length()) {
            throw new CorruptJournalException(path + " ends before the record at " + at.offset());
        }
        if (RecordCodec.decode(entry.flip()) instanceof RecordCodec.Entry.Commit(CommitRecord record)
                && record.id().equals(at.id())) {
            return record;
        }
        throw new CorruptJournalException(path + ": another entry than was read before at " + at.offset());
    }

    /** Closes the segments that records were loaded from. */
    @Override
    public synchronized void close() {
        open.values().forEach(Fd::close);
        open.clear();
    }

    private record Source(String name, SegmentFormat.Header header) {
        long number() {
            return header.segment();
        }
    }

    private void readSegments(Fd directory) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (DirEntry e : FileIo.list(directory)) {
            if (e.name().startsWith("seg-")) {
                try (Fd fd = directory.open(e.name(), Posix.O_RDONLY, 0)) {
                    ByteBuffer header = ByteBuffer.allocate(SegmentFormat.HEADER);
                    FileIo.readFully(fd, header, 0);
                    SegmentFormat.Header read = SegmentFormat.readHeader(header.flip());
                    if (read != null) {
                        sources.add(new Source(e.name(), read));
                    }
                }
            }
        }
        sources.sort(Comparator.comparingLong(Source::number));
        Tail tail = new Tail();
        ByteBuffer buffer = ByteBuffer.allocate(0);
        long previous = 0;
        for (Source s : sources) {
            if (previous != 0 && s.number() != previous + 1) {
                throw new CorruptJournalException(incarnation + ": segment " + (previous + 1) + " is missing");
            }
            previous = s.number();
            try (Fd fd = directory.open(s.name(), Posix.O_RDONLY, 0)) {
                int size = Math.toIntExact(FileIo.stat(fd).size);
                buffer = buffer.capacity() >= size ? buffer.clear().limit(size) : ByteBuffer.allocate(size);
                FileIo.readFully(fd, buffer, 0);
                readSegment(s, buffer.flip(), tail);
            }
        }
    }

    /** The first batch that is missing, once one is: nothing after it counts, and nothing after it may have needed it. */
    private static final class Tail {
        long expected;
        boolean ended;
    }

    private void readSegment(Source source, ByteBuffer segment, Tail tail) throws IOException {
        int at = SegmentFormat.FIRST_BATCH;
        long first = source.header().firstBatch();
        if (tail.expected == 0) {
            tail.expected = first;
        }
        if (first > tail.expected) {
            // A segment is opened after the one before it was synced to its end.
            throw new CorruptJournalException(incarnation + ": batch " + tail.expected + " was durable when "
                    + source.name() + " was opened, and is not readable");
        }
        while (!tail.ended) {
            SegmentFormat.Batch batch = SegmentFormat.decode(segment, at, source.number());
            if (batch == null) {
                break;
            }
            if (batch.number() != tail.expected) {
                tail.ended = true;
                break;
            }
            index(source, at, batch);
            tail.expected = batch.number() + 1;
            at += SegmentFormat.span(batch.payload().remaining());
        }
        for (int later = at; later < segment.limit(); later += SegmentFormat.ALIGNMENT) {
            SegmentFormat.Batch batch = SegmentFormat.decode(segment, later, source.number());
            if (batch != null && batch.durableBelow() > tail.expected) {
                throw new CorruptJournalException(incarnation + "/" + source.name() + ": batch " + tail.expected
                        + " was durable when batch " + batch.number() + " was written, and is not readable");
            }
        }
    }

    private void index(Source source, int batchAt, SegmentFormat.Batch batch) throws CorruptJournalException {
        ByteBuffer in = batch.payload().duplicate();
        int payloadAt = batchAt + SegmentFormat.BATCH_HEADER;
        for (int i = 0; i < batch.entries(); i++) {
            int start = in.position();
            if (in.remaining() < RecordCodec.ENTRY_HEADER) {
                throw new CorruptJournalException(source.name() + ": a batch that ends within an entry");
            }
            int length = RecordCodec.ENTRY_HEADER + in.getInt(start + 1);
            if (length < RecordCodec.ENTRY_HEADER || length > in.remaining()) {
                throw new CorruptJournalException(source.name() + ": an entry longer than its batch");
            }
            if (in.get(start) == RecordCodec.RECORD) {
                if (length < RecordCodec.ENTRY_HEADER + RecordCodec.RECORD_HEADER) {
                    throw new CorruptJournalException(source.name() + ": a record without an identity");
                }
                CommitRecord.Id id = RecordCodec.peekId(in);
                boolean isVoid = RecordCodec.peekIsVoid(in);
                shards.computeIfAbsent(id.shard(), s -> new ArrayList<>())
                        .add(new Location(incarnation, source.name(), payloadAt + (long) start, length, id, isVoid));
                in.position(start + length);
            } else if (RecordCodec.decode(in) instanceof RecordCodec.Entry.Published(List<CommitRecord.Id> ids)) {
                marks.addAll(ids);
            }
        }
    }
}
