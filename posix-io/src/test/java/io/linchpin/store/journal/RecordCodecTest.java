package io.linchpin.store.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    /** Header of the entry and of the record, upload, stamp, flags. */
    private static final int GENERATION = RecordCodec.ENTRY_HEADER + RecordCodec.RECORD_HEADER + 32 + 8 + 1;

    /** Two spellings of one record would be one in memory and two on disk. Found by JournalFuzz. */
    @Test
    void noGenerationHasOneSpelling() throws Exception {
        byte[] entry = RecordCodec.encode(record(7));
        RecordCodec.Entry.Commit decoded = (RecordCodec.Entry.Commit) RecordCodec.decode(ByteBuffer.wrap(entry));
        assertArrayEquals(entry, RecordCodec.encode(decoded.record()));
        ByteBuffer.wrap(entry).putLong(GENERATION, CommitRecord.ANY_BUCKET);
        assertThrows(CorruptJournalException.class, () -> RecordCodec.decode(ByteBuffer.wrap(entry)));
    }

    private static CommitRecord record(long generation) {
        return new CommitRecord(
                CommitRecord.Kind.DELETE,
                new CommitRecord.Id(1, 2, 3),
                UploadId.of(4, 5),
                new ObjectId(new BucketName("bucket"), new ObjectKey("key")),
                new Stamp(9),
                null,
                null,
                new byte[0],
                null,
                generation);
    }
}
