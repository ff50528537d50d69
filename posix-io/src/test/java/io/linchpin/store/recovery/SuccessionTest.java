package io.linchpin.store.recovery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.journal.CommitRecord.Staged;
import io.linchpin.store.publish.Fold;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import org.junit.jupiter.api.Test;

class SuccessionTest {
    private static final int BODY_BYTES = 64 << 10;
    private static final int SIDECAR_BYTES = 500;
    private static final int MANY = 4000;

    private static CommitRecord record(Kind kind, int sequence) {
        boolean put = kind == Kind.PUT;
        return new CommitRecord(
                kind,
                new CommitRecord.Id(0, 1, sequence),
                UploadId.of(9, sequence),
                new ObjectId(new BucketName("bucket"), new ObjectKey("hot")),
                new Stamp(sequence * 64L),
                new Identity(sequence, sequence, 3),
                put ? new Staged(Incarnation.of(0, 1), sequence, BODY_BYTES) : null,
                new byte[kind == Kind.DELETE ? 0 : SIDECAR_BYTES],
                put ? new byte[BODY_BYTES] : null,
                CommitRecord.ANY_BUCKET);
    }

    private static long bytes(Succession succession) {
        return succession.records().stream()
                .mapToLong(r -> r.sidecar().length + (r.inline() == null ? 0 : r.inline().length))
                .sum();
    }

    @Test
    void theMemoryOfAHotKeysReplayIsThatOfOneVersion() {
        Succession succession = new Succession(MANY);
        for (int i = 1; i <= MANY; i++) {
            succession.add(record(i % 10 == 0 ? Kind.DELETE : i % 3 == 0 ? Kind.META : Kind.PUT, i));
            assertTrue(bytes(succession) <= BODY_BYTES + 2 * SIDECAR_BYTES);
        }
        assertEquals(MANY, succession.records().size());
    }

    @Test
    void whatIsPublishedIsWhole() {
        Succession succession = new Succession(4);
        for (CommitRecord r : new CommitRecord[] {
            record(Kind.PUT, 1), record(Kind.META, 2), record(Kind.PUT, 3), record(Kind.META, 4), record(Kind.META, 5)
        }) {
            succession.add(r);
        }
        Fold fold = Fold.of(succession.records());
        CommitRecord data = fold.data();
        assertTrue(data != null && data.inline() != null);
        assertArrayEquals(record(Kind.PUT, 3).inline(), data.inline());
        assertEquals(SIDECAR_BYTES, fold.sidecar().length);
        assertTrue(fold.accounts(new Identity(1, 64, BODY_BYTES)), "an older version is still known");
        assertTrue(fold.accounts(new Identity(1, 1, 3)), "and so is what that replaced");
    }
}
