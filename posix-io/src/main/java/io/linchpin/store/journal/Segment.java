package io.linchpin.store.journal;

import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One segment file, preallocated, and the records that live in it. Guarded by its journal's monitor. */
final class Segment implements AutoCloseable {
    /** Never written to. */
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20);

    final String name;
    private final Fd fd;
    private final int bytes;
    private final List<LiveRecord> records = new ArrayList<>();
    private long number;
    private int tail;

    private Segment(String name, Fd fd, int bytes) {
        this.name = name;
        this.fd = fd;
        this.bytes = bytes;
    }

    /**
     * Makes a free segment and writes it full of zeros: a later fdatasync then finds its blocks allocated and written,
     * and has no metadata to make durable.
     */
    static Segment create(Fd directory, String name, int bytes) throws PosixException {
        Fd fd = directory.open(name, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL, 0600);
        try {
            ByteBuffer zeros = ZEROS.duplicate();
            for (int at = 0; at < bytes; at += zeros.capacity()) {
                FileIo.writeFully(fd, zeros.clear().limit(Math.min(zeros.capacity(), bytes - at)), at);
            }
            FileIo.fsync(fd);
            FileIo.fsync(directory);
            return new Segment(name, fd, bytes);
        } catch (PosixException e) {
            fd.close();
            FileIo.unlinkIfPresent(directory, name);
            throw e;
        }
    }

    /** Gives a free segment its next life. Durable before the first batch, which must not meet the old number. */
    void open(long newNumber, long firstBatch) throws PosixException {
        writeHeader(newNumber, firstBatch);
        number = newNumber;
        tail = SegmentFormat.FIRST_BATCH;
    }

    /** Ends this life: its records are retired. Durable, so that they never come back. */
    void free() throws PosixException {
        writeHeader(0, 0);
        number = 0;
    }

    /** Lets the records of the life that has ended go. */
    void forget() {
        records.clear();
    }

    private void writeHeader(long newNumber, long firstBatch) throws PosixException {
        FileIo.writeFully(fd, SegmentFormat.header(newNumber, firstBatch), 0);
        sync();
    }

    long number() {
        return number;
    }

    boolean hasRoomFor(int payloadLength) {
        return tail + SegmentFormat.span(payloadLength) <= bytes;
    }

    boolean isUsed() {
        return tail > SegmentFormat.FIRST_BATCH;
    }

    /** Bytes written in this life. */
    int used() {
        return tail;
    }

    /** Writes an encoded batch at the tail; not durable. */
    void write(ByteBuffer batch) throws PosixException {
        int length = batch.remaining();
        FileIo.writeFully(fd, batch, tail);
        tail += length;
    }

    void add(LiveRecord record) {
        records.add(record);
    }

    List<LiveRecord> records() {
        return records;
    }

    boolean allPublished() {
        for (LiveRecord r : records) {
            if (!r.isPublished()) {
                return false;
            }
        }
        return true;
    }

    void sync() throws PosixException {
        FileIo.fdatasync(fd);
    }

    @Override
    public void close() {
        fd.close();
    }
}
