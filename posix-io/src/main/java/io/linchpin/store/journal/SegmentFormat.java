package io.linchpin.store.journal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A segment file, big-endian.
 *
 * <pre>
 *      0  magic "LINCHSEG" u64 | segment number u64 (0: free) | number of its first batch u64
 *         | CRC32C of these 24 bytes u32 | zeros
 *   4096  batch
 *      +  batch, each at the next multiple of 512
 *
 * batch := magic u32 | CRC32C u32 of all that follows | payload length u32 | entries u32
 *          | segment number u64 | batch number u64 | durable-below u64 | payload
 * </pre>
 *
 * The segment number is in every batch and so in every checksum: a batch of the file's earlier life never looks new.
 * Batch numbers rise by one through the whole journal. {@code durable-below} says that every batch of a smaller number
 * was durable when this one was written, which tells a tail that a crash has torn from bytes that were durable and have
 * changed.
 */
final class SegmentFormat {
    static final int FIRST_BATCH = 4096;
    static final int ALIGNMENT = 512;
    static final int HEADER = 28;
    static final int BATCH_HEADER = 40;
    /** A batch's payload at most; larger groups are split. One record is far smaller (4 MiB at most). */
    static final int MAX_PAYLOAD = 8 << 20;

    private static final long SEGMENT_MAGIC = 0x4C494E4348534547L;
    private static final int BATCH_MAGIC = 0x4C504254;

    private SegmentFormat() {}

    /** A batch's header, its checksum verified. */
    record Batch(long segment, long number, long durableBelow, int entries, ByteBuffer payload) {}

    static ByteBuffer header(long segmentNumber, long firstBatch) {
        ByteBuffer b = ByteBuffer.allocateDirect(FIRST_BATCH);
        b.putLong(SEGMENT_MAGIC).putLong(segmentNumber).putLong(firstBatch);
        CRC32C crc = new CRC32C();
        crc.update(b.slice(0, 24));
        b.putInt((int) crc.getValue());
        return b.clear();
    }

    /** What a segment's header says. */
    record Header(long segment, long firstBatch) {}

    /**
     * The header at the buffer's start; null where the segment is free or was being made.
     *
     * @throws CorruptJournalException where there is something that nobody wrote: a header is a part of one sector, which
     *     a power cut leaves as it was before or after a write
     */
    static @Nullable Header readHeader(ByteBuffer b) throws CorruptJournalException {
        if (b.limit() < HEADER || isZero(b)) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(b.slice(0, 24));
        if (b.getLong(0) != SEGMENT_MAGIC || (int) crc.getValue() != b.getInt(24)) {
            throw new CorruptJournalException("the header of a segment is not what was written");
        }
        return b.getLong(8) != 0 ? new Header(b.getLong(8), b.getLong(16)) : null;
    }

    private static boolean isZero(ByteBuffer b) {
        for (int i = 0; i < HEADER; i++) {
            if (b.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Bytes that a payload takes in the file. */
    static int span(int payloadLength) {
        return (BATCH_HEADER + payloadLength + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Encodes a batch into {@code out} from its start, padded to its span with zeros. */
    static void encode(
            ByteBuffer out, long segment, long number, long durableBelow, List<byte[]> entries, int payloadLength) {
        out.clear();
        out.putInt(BATCH_MAGIC).putInt(0).putInt(payloadLength).putInt(entries.size());
        out.putLong(segment).putLong(number).putLong(durableBelow);
        for (byte[] e : entries) {
            out.put(e);
        }
        int end = out.position();
        CRC32C crc = new CRC32C();
        crc.update(out.slice(8, end - 8));
        out.putInt(4, (int) crc.getValue());
        while (out.position() < span(payloadLength)) {
            out.put((byte) 0);
        }
        out.flip();
    }

    /** Decodes the batch at {@code at}, or null where there is no whole one of this segment number. */
    static @Nullable Batch decode(ByteBuffer segment, int at, long segmentNumber) {
        if (at + BATCH_HEADER > segment.limit()
                || segment.getInt(at) != BATCH_MAGIC
                || segment.getLong(at + 16) != segmentNumber) {
            return null;
        }
        int length = segment.getInt(at + 8);
        if (length < 0 || length > MAX_PAYLOAD || at + BATCH_HEADER + (long) length > segment.limit()) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(segment.slice(at + 8, BATCH_HEADER - 8 + length));
        if ((int) crc.getValue() != segment.getInt(at + 4)) {
            return null;
        }
        return new Batch(
                segmentNumber,
                segment.getLong(at + 24),
                segment.getLong(at + 32),
                segment.getInt(at + 12),
                segment.slice(at + BATCH_HEADER, length));
    }
}
