package io.linchpin.store.journal;

/**
 * Sizes of a journal.
 *
 * @param segmentBytes bytes of one preallocated segment file, 64 KiB to 1 GiB, a multiple of 4 KiB
 * @param maxSegments segments that may hold live records before commits wait for a checkpoint, 2 to 256
 */
public record JournalSettings(int segmentBytes, int maxSegments) {
    /** 32 MiB a segment (about a second of 4 KiB uploads at full rate), at most 8 of them. */
    public static final JournalSettings DEFAULT = new JournalSettings(32 << 20, 8);

    public JournalSettings {
        if (segmentBytes < 64 << 10 || segmentBytes > 1 << 30 || segmentBytes % 4096 != 0) {
            throw new IllegalArgumentException("segment bytes out of range: " + segmentBytes);
        }
        if (maxSegments < 2 || maxSegments > 256) {
            throw new IllegalArgumentException("journal segments out of range: " + maxSegments);
        }
    }

    /** A batch's payload at most: two of the largest fit into a segment. */
    int maxPayloadBytes() {
        return Math.min(
                SegmentFormat.MAX_PAYLOAD, (segmentBytes - SegmentFormat.FIRST_BATCH) / 2 - SegmentFormat.ALIGNMENT);
    }
}
