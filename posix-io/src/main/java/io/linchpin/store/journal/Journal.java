package io.linchpin.store.journal;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.Incarnation;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The commit journal of one node's life: segments in the order of their numbers, the last one open for writing. Steps
 * only, no threads: {@link GroupCommit} drives {@link #append} and {@link #sync}, a checkpoint drives {@link
 * #retirable} and {@link #recycle}.
 *
 * <p>Any failure here leaves the journal unusable and must stop the process: what a failed sync left durable is not
 * known, and it is never tried again.
 */
public final class Journal implements AutoCloseable {
    /** Free segments that ordinary records leave alone. */
    private static final int RESERVED = 1;

    /** The active one, the one that it is followed by, and the reserve. */
    private static final int SEGMENTS_AT_FIRST = 3;

    private final JournalSettings settings;
    private final Fd directory;
    private final ByteBuffer batch;
    private final Deque<Segment> live = new ArrayDeque<>();
    private final Deque<Segment> free = new ArrayDeque<>();
    private int segmentsMade;
    private long nextSegment = 1;
    private long nextBatch = 1;
    private long durableBelow = 1;
    private int voidsToCome;
    private volatile Runnable full = () -> {};

    private Journal(JournalSettings settings, Fd directory) {
        this.settings = settings;
        this.directory = directory;
        this.batch = ByteBuffer.allocateDirect(SegmentFormat.span(settings.maxPayloadBytes()));
    }

    /** Makes the journal of a new incarnation, durable and ready for its first record. Leaves nothing where it fails. */
    public static Journal create(StoreRoot root, Incarnation incarnation, JournalSettings settings)
            throws PosixException {
        try (Fd store = Fd.adopt(root.posix(), root.openDirectory(Names.JOURNAL), Names.JOURNAL)) {
            FileIo.mkdirIfAbsent(store, incarnation.value(), 0700);
            FileIo.fsync(store);
            Journal journal = new Journal(settings, store.openDir(incarnation.value()));
            try {
                journal.begin();
            } catch (PosixException e) {
                // On a full disk every attempt to start would take some more of it.
                journal.remove(store, incarnation);
                throw e;
            }
            return journal;
        }
    }

    private synchronized void begin() throws PosixException {
        for (int i = 0; i < SEGMENTS_AT_FIRST; i++) {
            free.add(make());
        }
        rotate();
    }

    /** What cannot be removed stays for the sweep: what failed before is what is told. */
    private synchronized void remove(Fd store, Incarnation incarnation) {
        Posix posix = store.posix();
        for (int i = 0; i < segmentsMade; i++) {
            posix.unlinkat(directory.number(), segmentName(i), 0);
        }
        close();
        posix.unlinkat(store.number(), incarnation.value(), Posix.AT_REMOVEDIR);
    }

    private static String segmentName(int number) {
        return String.format("seg-%04d", number);
    }

    private Segment make() throws PosixException {
        return Segment.create(directory, segmentName(segmentsMade++), settings.segmentBytes());
    }

    /**
     * Writes records, in order; they are durable after the next {@link #sync}. Blocks while the journal is full, until a
     * checkpoint has made room.
     */
    public synchronized void append(List<LiveRecord> records) throws PosixException, InterruptedException {
        append(records, false);
        if (voidsToCome > 0) {
            records.forEach(r -> voidsToCome -= r.isVoid() ? 1 : 0);
        }
    }

    /**
     * A void waits to be appended, after all that waits already. Only it can make room, where the oldest segment holds what
     * it voids: so until then nothing waits for room.
     */
    synchronized void hurry() {
        voidsToCome++;
        notifyAll();
    }

    /**
     * {@link #append} of records that must not wait for room, because only they can make it: a take-over's, and its voids.
     */
    public synchronized void appendAtOnce(List<LiveRecord> records) throws PosixException {
        try {
            append(records, true);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing was waited for", e);
        }
    }

    private void append(List<LiveRecord> records, boolean atOnce) throws PosixException, InterruptedException {
        List<byte[]> entries = new ArrayList<>(records.size());
        List<LiveRecord> group = new ArrayList<>(records.size());
        int payload = 0;
        for (LiveRecord r : records) {
            int length = r.length();
            if (length > settings.maxPayloadBytes()) {
                throw new IllegalArgumentException("a record of " + length + " bytes is over the journal's limit");
            }
            if (payload + length > settings.maxPayloadBytes()) {
                waitForRoom(payload, atOnce);
                writeBatch(entries, payload, group);
                entries.clear();
                group.clear();
                payload = 0;
            }
            entries.add(r.takeEncoded());
            group.add(r);
            payload += length;
        }
        if (!entries.isEmpty()) {
            waitForRoom(payload, atOnce);
            writeBatch(entries, payload, group);
        }
    }

    /**
     * Notes that records are published: not durable, it only has to outlive the process. Never blocks on a full journal,
     * for marks are what empties it.
     */
    public synchronized void mark(List<CommitRecord.Id> ids) throws PosixException {
        int most = (settings.maxPayloadBytes() - 16) / 20;
        for (int from = 0; from < ids.size(); from += most) {
            byte[] entry = RecordCodec.encodeMarks(ids.subList(from, Math.min(ids.size(), from + most)));
            writeBatch(List.of(entry), entry.length, List.of());
        }
    }

    /** Makes everything that was appended before the call durable. Appends may go on meanwhile. */
    public void sync() throws PosixException {
        Segment active;
        long below;
        synchronized (this) {
            active = live.getLast();
            below = nextBatch;
        }
        active.sync();
        synchronized (this) {
            durableBelow = Math.max(durableBelow, below);
        }
    }

    /**
     * Waits until records may be written: while the journal is full, or where no segment can be made for want of space. One
     * free segment is always left for marks, voids and take-overs, which are what makes room.
     */
    private void waitForRoom(int payload, boolean atOnce) throws PosixException, InterruptedException {
        while (!atOnce && !live.getLast().hasRoomFor(payload)) {
            boolean room = voidsToCome > 0
                    ? !free.isEmpty() || tryMake()
                    : free.size() > RESERVED || (live.size() < settings.maxSegments() && tryMake());
            if (room) {
                return;
            }
            full.run();
            wait();
        }
    }

    /** Makes one more free segment; false where the filesystem has no room for it. */
    private boolean tryMake() throws PosixException {
        try {
            free.add(make());
            return true;
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT) {
                return false;
            }
            throw e;
        }
    }

    private void writeBatch(List<byte[]> entries, int payload, List<LiveRecord> records) throws PosixException {
        if (!live.getLast().hasRoomFor(payload)) {
            rotate();
        }
        Segment active = live.getLast();
        SegmentFormat.encode(batch, active.number(), nextBatch, durableBelow, entries, payload);
        active.write(batch);
        nextBatch++;
        for (LiveRecord r : records) {
            active.add(r);
        }
    }

    /** Closes the active segment, durable to its end, and opens the next one. */
    private void rotate() throws PosixException {
        if (!live.isEmpty()) {
            live.getLast().sync();
            durableBelow = nextBatch;
        }
        Segment next = free.isEmpty() ? make() : free.removeFirst();
        next.open(nextSegment++, nextBatch);
        live.addLast(next);
        if (live.size() > settings.maxSegments() / 2) {
            full.run();
        }
    }

    /** What to do when the journal fills up: to ask for a checkpoint. Called under the monitor: to be short. */
    public void onFilling(Runnable action) {
        full = action;
    }

    /**
     * The oldest segments whose records were all published before this call: after a sync of the filesystem they may be
     * recycled. The active segment is closed first, where it holds only published records, so that a quiet journal
     * empties.
     */
    public synchronized List<Retirable> retirable() throws PosixException {
        Segment active = live.getLast();
        if (active.isUsed() && active.allPublished()) {
            rotate();
        }
        List<Retirable> result = new ArrayList<>();
        for (Segment s : live) {
            if (s == live.getLast() || !s.allPublished()) {
                break;
            }
            result.add(new Retirable(s, List.copyOf(s.records())));
        }
        return result;
    }

    /** A segment that a checkpoint may recycle, and the records that go with it. */
    public static final class Retirable {
        private final Segment segment;
        private final List<LiveRecord> records;

        private Retirable(Segment segment, List<LiveRecord> records) {
            this.segment = segment;
            this.records = records;
        }

        /** The records that are retired with the segment. */
        public List<LiveRecord> records() {
            return records;
        }
    }

    /** Recycles the oldest segment, durably. Strictly in order: a later record must not go before an earlier one. */
    public void recycle(Retirable retirable) throws PosixException {
        synchronized (this) {
            if (live.getFirst() != retirable.segment) {
                throw new IllegalStateException("segments are recycled in order");
            }
        }
        retirable.segment.free();
        synchronized (this) {
            retirable.segment.forget();
            live.removeFirst();
            free.addLast(retirable.segment);
            notifyAll();
        }
    }

    /** Makes a spare segment where there is none, so that no commit has to wait for one to be made. */
    public void prepareSpare() throws PosixException {
        synchronized (this) {
            if (free.size() <= RESERVED && live.size() < settings.maxSegments() && tryMake()) {
                notifyAll();
            }
        }
    }

    /** Bytes written to segments that are not recycled yet. */
    public synchronized long liveBytes() {
        long sum = 0;
        for (Segment s : live) {
            sum += s.isUsed() ? s.used() : 0;
        }
        return sum;
    }

    public synchronized int segments() {
        return live.size();
    }

    /** Records that no checkpoint has retired yet. */
    public synchronized long liveRecords() {
        long sum = 0;
        for (Segment s : live) {
            sum += s.records().size();
        }
        return sum;
    }

    /** All records that are published and not retired. */
    public synchronized List<LiveRecord> publishedRecords() {
        List<LiveRecord> result = new ArrayList<>();
        for (Segment s : live) {
            for (LiveRecord r : s.records()) {
                if (r.isPublished()) {
                    result.add(r);
                }
            }
        }
        return result;
    }

    /** Whether a record that is not retired refers to this incarnation's staging directory. */
    public synchronized boolean refersTo(Incarnation incarnation) {
        for (Segment s : live) {
            for (LiveRecord r : s.records()) {
                if (incarnation.equals(r.stagedBy())) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public synchronized void close() {
        live.forEach(Segment::close);
        free.forEach(Segment::close);
        directory.close();
    }
}
