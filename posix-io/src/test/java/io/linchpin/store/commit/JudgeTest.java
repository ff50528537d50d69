package io.linchpin.store.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.layout.Place;
import io.linchpin.store.sidecar.ForeignVersion;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final ObjectId OBJECT = new ObjectId(new BucketName("bucket"), new ObjectKey("key"));
    private static final UploadId ID = UploadId.of(1, 1);
    private static final Version ABSENT = new Version.Absent(new Place.Absent());
    private static final Version OBJECT_OF_7 = present(7);

    private static Version present(long size) {
        return new Version.Present(
                new Identity(1, 2_000_000_000L, size),
                false,
                ForeignVersion.describe(OBJECT, 1, 2_000_000_000L, size),
                new Place.Absent());
    }

    private static final ETag ETAG = ForeignVersion.etag(1, 2_000_000_000L, 7);

    private static Mutation put(Preconditions p) {
        return new Mutation.Put(ID, OBJECT, p, 0, 0, Incarnation.of(0, 0), 1, 1, false, new ETag("e"), new byte[0]);
    }

    private static Mutation delete(Preconditions p) {
        return new Mutation.Delete(ID, OBJECT, p, 0, 0);
    }

    private static Preconditions ifMatch(ETag... tags) {
        return new Preconditions(List.of(tags), List.of(), null, null);
    }

    private static final Preconditions CREATE = new Preconditions(List.of(), List.of(Preconditions.ANY), null, null);

    private static Preconditions shape(@Nullable Instant modified, @Nullable Long size) {
        return new Preconditions(List.of(), List.of(), modified, size);
    }

    @Test
    void anUnconditionalPutIsCommittedWhateverIsThere() {
        assertNull(Judge.verdict(put(Preconditions.NONE), ABSENT));
        assertNull(Judge.verdict(put(Preconditions.NONE), OBJECT_OF_7));
    }

    @Test
    void createIsRefusedWhereThereIsAnObject() {
        assertNull(Judge.verdict(put(CREATE), ABSENT));
        assertEquals(new Outcome.PreconditionFailed("If-None-Match"), Judge.verdict(put(CREATE), OBJECT_OF_7));
    }

    @Test
    void ifMatchNeedsTheVeryVersion() {
        assertNull(Judge.verdict(put(ifMatch(ETAG)), OBJECT_OF_7));
        assertNull(Judge.verdict(put(ifMatch(Preconditions.ANY)), OBJECT_OF_7));
        assertNull(Judge.verdict(put(ifMatch(new ETag("other"), ETAG)), OBJECT_OF_7));
        assertEquals(
                new Outcome.PreconditionFailed("If-Match"),
                Judge.verdict(put(ifMatch(new ETag("other"))), OBJECT_OF_7));
        assertEquals(new Outcome.NoSuchKey(), Judge.verdict(put(ifMatch(ETAG)), ABSENT));
    }

    @Test
    void aDeleteOfNothingIsANoOpUnlessItDemandsAnETag() {
        assertEquals(new Outcome.Deleted(false), Judge.verdict(delete(Preconditions.NONE), ABSENT));
        assertEquals(new Outcome.Deleted(false), Judge.verdict(delete(shape(Instant.ofEpochSecond(2), 7L)), ABSENT));
        assertEquals(new Outcome.NoSuchKey(), Judge.verdict(delete(ifMatch(ETAG)), ABSENT));
        assertEquals(new Outcome.NoSuchKey(), Judge.verdict(delete(ifMatch(Preconditions.ANY)), ABSENT));
        assertEquals(
                new Outcome.PreconditionFailed("If-Match"),
                Judge.verdict(delete(ifMatch(new ETag("other"))), OBJECT_OF_7));
        assertNull(Judge.verdict(delete(ifMatch(ETAG)), OBJECT_OF_7));
        assertNull(Judge.verdict(delete(Preconditions.NONE), OBJECT_OF_7));
    }

    @Test
    void aDeleteMayDemandSizeAndTime() {
        assertNull(Judge.verdict(delete(shape(Instant.ofEpochSecond(2), 7L)), OBJECT_OF_7));
        assertNull(Judge.verdict(delete(shape(Instant.ofEpochSecond(2, 999), null)), OBJECT_OF_7));
        assertEquals(
                new Outcome.PreconditionFailed("x-amz-if-match-size"),
                Judge.verdict(delete(shape(null, 8L)), OBJECT_OF_7));
        assertEquals(
                new Outcome.PreconditionFailed("x-amz-if-match-last-modified-time"),
                Judge.verdict(delete(shape(Instant.ofEpochSecond(3), null)), OBJECT_OF_7));
    }

    @Test
    void tagsNeedAnObjectWithASidecar() {
        Mutation tags = new Mutation.SetTags(ID, OBJECT, Preconditions.NONE, 0, 0, Map.of("a", "b"));
        assertEquals(new Outcome.NoSuchKey(), Judge.verdict(tags, ABSENT));
        assertNull(Judge.verdict(tags, OBJECT_OF_7));
        Version foreign = new Version.Present(
                new Identity(1, 2, 7), true, ForeignVersion.describe(OBJECT, 1, 2, 7), new Place.Absent());
        assertEquals(new Outcome.Failed(95, "tag a foreign file"), Judge.verdict(tags, foreign));
    }

    @Test
    void stampsRiseAndNameTheirSlot() {
        StampSource stamps = new StampSource(() -> 1000, 5);
        Stamp first = stamps.next(0);
        Stamp second = stamps.next(0);
        Stamp third = stamps.next(1_000_000);
        assertEquals(5, first.nanos() % Stamp.SLOTS);
        assertEquals(-1, Long.signum(first.compareTo(second)));
        assertEquals(-1, Long.signum(second.compareTo(third)));
        assertEquals(true, third.nanos() > 1_000_000);
    }
}
