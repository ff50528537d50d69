package io.linchpin.cluster.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.cluster.api.BucketOutcome;
import io.linchpin.cluster.api.Multipart;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.bucket.ClosingBuckets;
import io.linchpin.cluster.multipart.UploadSweep;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owners over a real store: buckets made and removed, uploads completed, refused, repeated, aborted and recovered. */
class GatewayTest {
    private static final BucketName BUCKET = new BucketName("films");
    private static final ObjectId OBJECT = new ObjectId(BUCKET, new ObjectKey("2026/cat"));
    private static final Preconditions ABSENT = new Preconditions(List.of(), List.of(Preconditions.ANY), null, null);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private LocalOwners owners;

    @BeforeEach
    void open() throws IOException {
        owners = new LocalOwners(dir);
    }

    @AfterEach
    void close() throws Exception {
        owners.close();
    }

    private void makeBucket() {
        assertInstanceOf(BucketOutcome.Created.class, owners.join(owners.buckets.create(BUCKET, "")));
    }

    private UploadId begin() {
        var upload = new Multipart.NewUpload(OBJECT, Map.of("content-type", "x/y"), Map.of(), Map.of(), null, null);
        return assertInstanceOf(MultipartOutcome.Created.class, owners.join(owners.multipart.create(upload)))
                .upload();
    }

    private Multipart.ListedPart put(UploadId upload, int number, byte[] bytes) throws IOException {
        var opened = assertInstanceOf(
                MultipartOutcome.Opened.class,
                owners.join(owners.multipart.openPart(OBJECT, upload, new PartNumber(number), bytes.length)));
        try (var part = opened.part()) {
            part.write(ByteBuffer.wrap(bytes));
            ETag md5 = LocalOwners.md5(bytes);
            assertInstanceOf(MultipartOutcome.Stored.class, owners.join(part.finish(md5, null)));
            return new Multipart.ListedPart(new PartNumber(number), md5, null);
        }
    }

    private MultipartOutcome complete(UploadId upload, List<Multipart.ListedPart> parts, Preconditions conditions) {
        var completion = new Multipart.Completion(OBJECT, upload, parts, conditions, null, null);
        return owners.join(owners.multipart.complete(completion));
    }

    private static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aCompletedUploadIsOnePlainFile() throws IOException {
        makeBucket();
        UploadId upload = begin();
        byte[] first = bytes(64 << 10, 1);
        byte[] second = bytes(1000, 2);
        List<Multipart.ListedPart> parts = new ArrayList<>();
        Multipart.ListedPart last = put(upload, 2, second);
        parts.add(put(upload, 1, first));
        parts.add(last);
        var done = assertInstanceOf(MultipartOutcome.Completed.class, complete(upload, parts, ABSENT));
        assertEquals(65536 + 1000, done.sizeBytes());
        ByteBuffer both = ByteBuffer.allocate(65536 + 1000).put(first).put(second);
        assertArrayEquals(both.array(), Files.readAllBytes(dir.resolve("films/2026/cat")));
        // A repeat gets the same answer, though the object is there now; another list does not.
        assertEquals(done, complete(upload, parts, ABSENT));
        assertInstanceOf(MultipartOutcome.NoSuchUpload.class, complete(upload, List.of(last), Preconditions.NONE));
        assertInstanceOf(MultipartOutcome.NoSuchUpload.class, owners.join(owners.multipart.abort(OBJECT, upload)));
    }

    @Test
    void aRefusedCompletionLeavesTheUploadOpen() throws IOException {
        makeBucket();
        UploadId blocking = begin();
        assertInstanceOf(
                MultipartOutcome.Completed.class,
                complete(blocking, List.of(put(blocking, 1, bytes(10, 3))), Preconditions.NONE));
        UploadId upload = begin();
        List<Multipart.ListedPart> parts = new ArrayList<>(List.of(put(upload, 1, bytes(64 << 10, 4))));
        assertInstanceOf(MultipartOutcome.PreconditionFailed.class, complete(upload, parts, ABSENT));
        parts.add(put(upload, 2, bytes(7, 5)));
        assertInstanceOf(MultipartOutcome.Completed.class, complete(upload, parts, Preconditions.NONE));
        assertEquals(65536 + 7, Files.size(dir.resolve("films/2026/cat")));
    }

    @Test
    void aSessionThatDiedInTheMiddleIsSettledByTheNext() throws Exception {
        makeBucket();
        UploadId upload = begin();
        List<Multipart.ListedPart> parts = List.of(put(upload, 1, bytes(64 << 10, 6)));
        // The first session's answer from the key's owner never reaches it; then it dies.
        owners.loseDeliveries(upload);
        var first = owners.multipart
                .complete(new Multipart.Completion(OBJECT, upload, parts, Preconditions.NONE, null, null))
                .toCompletableFuture();
        owners.awaitLostDelivery();
        assertFalse(first.isDone());
        owners.restart(upload);
        assertInstanceOf(MultipartOutcome.Completed.class, complete(upload, parts, Preconditions.NONE));
        assertInstanceOf(MultipartOutcome.Completed.class, owners.join(first));
    }

    /** No client asks again: the next session ends it all the same, and knows the outcome when one does. */
    @Test
    void aCompletionThatNoOwnerHeardOfIsTakenUp() throws Exception {
        makeBucket();
        UploadId upload = begin();
        List<Multipart.ListedPart> parts = List.of(put(upload, 1, bytes(64 << 10, 6)));
        owners.dropMutation(upload);
        var first = owners.multipart
                .complete(new Multipart.Completion(OBJECT, upload, parts, Preconditions.NONE, null, null))
                .toCompletableFuture();
        owners.awaitLostDelivery();
        owners.restart(upload);
        assertFalse(Files.exists(dir.resolve("films/2026/cat")));
        assertEquals(1, owners.takeUpCompletions());
        long deadline = owners.deadline();
        while (owners.takeUpCompletions() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertEquals(64 << 10, Files.size(dir.resolve("films/2026/cat")));
        assertInstanceOf(MultipartOutcome.Completed.class, complete(upload, parts, Preconditions.NONE));
        assertInstanceOf(MultipartOutcome.Completed.class, owners.join(first));
    }

    @Test
    void anAbortedUploadIsGone() throws IOException {
        makeBucket();
        UploadId upload = begin();
        put(upload, 1, bytes(64 << 10, 7));
        assertInstanceOf(MultipartOutcome.Aborted.class, owners.join(owners.multipart.abort(OBJECT, upload)));
        assertInstanceOf(
                MultipartOutcome.NoSuchUpload.class,
                owners.join(owners.multipart.openPart(OBJECT, upload, new PartNumber(2), 5)));
        var listed = assertInstanceOf(
                MultipartOutcome.Uploads.class,
                owners.join(owners.multipart.listUploads(new Multipart.UploadQuery(BUCKET, "", "", "", "", 10))));
        assertTrue(listed.uploads().isEmpty());
    }

    @Test
    void endedUploadsAnswerForADayAndOldOnesAreAborted() throws IOException {
        makeBucket();
        UploadId ended = begin();
        List<Multipart.ListedPart> parts = List.of(put(ended, 1, bytes(10, 9)));
        MultipartOutcome done = complete(ended, parts, Preconditions.NONE);
        UploadId open = begin();
        put(open, 1, bytes(10, 9));
        UploadSweep sweep = new UploadSweep(owners.services, owners.multipart, owners.states::read);
        Instant now = Instant.now();
        assertEquals(new UploadSweep.Swept(0, 0), owners.join(sweep.run(now.plus(Duration.ofHours(23)))));
        assertEquals(done, complete(ended, parts, Preconditions.NONE));
        assertEquals(new UploadSweep.Swept(1, 0), owners.join(sweep.run(now.plus(Duration.ofHours(25)))));
        assertInstanceOf(MultipartOutcome.NoSuchUpload.class, complete(ended, parts, Preconditions.NONE));
        assertEquals(new UploadSweep.Swept(0, 1), owners.join(sweep.run(now.plus(Duration.ofDays(8)))));
        assertInstanceOf(MultipartOutcome.NoSuchUpload.class, owners.join(owners.multipart.abort(OBJECT, open)));
        assertEquals(new UploadSweep.Swept(0, 0), owners.join(sweep.run(now.plus(Duration.ofDays(8)))));
    }

    @Test
    void uploadsOfAnEarlierBucketOfTheNameAreNotListedAndAreAborted() throws IOException {
        makeBucket();
        UploadId begun = begin();
        long earlier = owners.states.read(BUCKET).orElseThrow().generation() - 1;
        UploadId left = owners.id();
        owners.services
                .store()
                .create(new UploadRecord(
                        OBJECT, left, earlier, Instant.now(), Map.of(), Map.of(), Map.of(), null, null));
        MultipartOutcome.Uploads listed = assertInstanceOf(
                MultipartOutcome.Uploads.class,
                owners.join(owners.multipart.listUploads(new Multipart.UploadQuery(BUCKET, "", "", "", "", 10))));
        assertEquals(
                List.of(begun),
                listed.uploads().stream()
                        .map(MultipartOutcome.UploadView::upload)
                        .toList());
        UploadSweep sweep = new UploadSweep(owners.services, owners.multipart, owners.states::read);
        assertEquals(new UploadSweep.Swept(0, 1), owners.join(sweep.run(Instant.now())));
        assertEquals(List.of(begun), owners.services.store().ids(BUCKET));
    }

    @Test
    void onlyAnEmptyBucketIsRemoved() throws IOException {
        makeBucket();
        assertInstanceOf(BucketOutcome.AlreadyExists.class, owners.join(owners.buckets.create(BUCKET, "")));
        UploadId upload = begin();
        complete(upload, List.of(put(upload, 1, bytes(10, 8))), Preconditions.NONE);
        assertInstanceOf(BucketOutcome.NotEmpty.class, owners.join(owners.buckets.delete(BUCKET)));
        long generation = owners.states.read(BUCKET).orElseThrow().generation();
        Mutation delete = new Mutation.Delete(owners.id(), OBJECT, Preconditions.NONE, generation, owners.deadline());
        assertEquals(new Outcome.Deleted(true), owners.join(owners.objects.mutate(delete)));
        UploadId open = begin();
        assertInstanceOf(BucketOutcome.Removed.class, owners.join(owners.buckets.delete(BUCKET)));
        assertInstanceOf(BucketOutcome.NoSuchBucket.class, owners.join(owners.buckets.delete(BUCKET)));
        assertTrue(owners.states.read(BUCKET).isEmpty());
        assertInstanceOf(MultipartOutcome.NoSuchUpload.class, owners.join(owners.multipart.abort(OBJECT, open)));
    }

    /** A deletion that waits for its shards. */
    private CompletableFuture<BucketOutcome.OfDelete> deletionUnderWay() throws Exception {
        makeBucket();
        owners.holdDrains();
        var deletion = owners.buckets.delete(BUCKET).toCompletableFuture();
        while (owners.states.read(BUCKET).orElseThrow().status() == BucketState.Status.OPEN) {
            Thread.onSpinWait();
        }
        return deletion;
    }

    @Test
    void aDeletionIsEndedBeforeItsOwnerStops() throws Exception {
        var deletion = deletionUnderWay();
        owners.askToStop(BUCKET);
        owners.releaseDrains();
        assertInstanceOf(BucketOutcome.Removed.class, owners.join(deletion));
    }

    @Test
    void aDeletionThatWasCutShortIsTakenBack() throws Exception {
        var deletion = deletionUnderWay();
        ClosingBuckets closing = owners.closingBuckets();
        assertEquals(Set.of(), closing.look());
        owners.kill(BUCKET);
        assertInstanceOf(BucketOutcome.Unknown.class, owners.join(deletion));
        assertEquals(Set.of(), closing.look());
        assertEquals(Set.of(BUCKET), closing.look());
        assertEquals(
                BucketState.Status.OPEN,
                owners.states.read(BUCKET).orElseThrow().status());
    }
}
