package io.linchpin.store.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.layout.Names;
import io.linchpin.store.multipart.Attempt;
import io.linchpin.store.multipart.SentAttempt;
import io.linchpin.store.multipart.UploadDirectory;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.read.Opened;
import io.linchpin.store.read.StoreFixture;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FsckTest {
    private static final Stamp OLD = new Stamp(1_700_000_000_000_000_001L);
    private static final Stamp NEW = new Stamp(1_700_000_000_000_000_065L);
    private static final ObjectId KEY = StoreFixture.object("a/b");
    private static final Incarnation DEAD = Incarnation.of(1, 1);
    private static final Incarnation ALIVE = Incarnation.of(2, 2);

    @TempDir
    private Path directory;

    private StoreFixture store;
    private final List<Finding> findings = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        store = new StoreFixture(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aSoundStoreHasNoFindings() throws IOException {
        store.put(KEY, OLD, "hello");
        store.put(StoreFixture.object("d/"), NEW, "");
        store.write(StoreFixture.preferred(StoreFixture.object("by-hand")), "x");
        Files.createDirectories(store.at("lost+found/x"));
        Files.createDirectories(store.at(Names.UPLOADS + "/bucket/7"));
        assertEquals(new Fsck.Summary(3, 1, 2, 1, 0), check());
    }

    @Test
    void aBucketStateThatADeadNodeWasWritingGoes() throws IOException {
        Files.createDirectories(store.at(Names.BUCKETS));
        Files.writeString(store.at(Names.BUCKETS + "/bucket"), "");
        Files.writeString(store.at(Names.BUCKETS + "/" + Names.BUCKETS_LOCK), "");
        Files.writeString(store.at(Names.BUCKETS + "/" + Names.unfinishedBucketState(ALIVE) + "7"), "");
        Path left = store.at(Names.BUCKETS + "/" + Names.unfinishedBucketState(DEAD) + "7");
        Files.writeString(left, "");
        check();
        assertTrue(new Repairs(store.root).apply(Repair.of(only()).orElseThrow()));
        assertFalse(Files.exists(left));
        Files.writeString(store.at(Names.BUCKETS + "/.0123"), "");
        findings.clear();
        check();
        assertInstanceOf(Finding.StrayFile.class, only());
    }

    @Test
    void aChangedFileIsFound() throws IOException {
        store.put(KEY, OLD, "hello");
        Path data = store.at("bucket/a/b");
        Files.writeString(data, "jello");
        Files.setLastModifiedTime(data, time(OLD));
        check();
        Finding.DigestDiffers differs = assertInstanceOf(Finding.DigestDiffers.class, only());
        assertEquals(StoreFixture.md5("jello"), differs.found().value());
        Files.writeString(data, "longer");
        Files.setLastModifiedTime(data, time(OLD));
        check();
        assertInstanceOf(Finding.SizeDiffers.class, only());
        assertEquals(Finding.Severity.ERROR, only().severity());
    }

    @Test
    void aCorruptSidecarIsFound() throws IOException {
        store.put(KEY, OLD, "hello");
        Files.writeString(store.at(Names.sidecar(KEY, OLD)), "{}");
        check();
        assertEquals(2, findings.size(), "by its object, and among the sidecars");
        assertTrue(findings.stream().allMatch(f -> f instanceof Finding.CorruptSidecar));
    }

    @Test
    void anOrphanSidecarGoes() throws IOException {
        store.put(KEY, OLD, "old");
        store.put(KEY, NEW, "new");
        check();
        Repair repair = Repair.of(only()).orElseThrow();
        assertTrue(new Repairs(store.root).apply(repair));
        assertFalse(Files.exists(store.at(Names.sidecar(KEY, OLD))));
        assertEquals(0, check().findings());
    }

    @Test
    void aSidecarThatIsNeededAgainStays() throws IOException {
        store.put(KEY, OLD, "old");
        Files.delete(store.at("bucket/a/b"));
        check();
        Repair repair = Repair.of(only()).orElseThrow();
        store.put(KEY, OLD, "old");
        assertFalse(new Repairs(store.root).apply(repair));
        assertTrue(Files.exists(store.at(Names.sidecar(KEY, OLD))));
    }

    @Test
    void nothingIsRepairedBeforeTheJournalsAreGone() throws IOException {
        store.put(KEY, OLD, "old");
        Files.delete(store.at("bucket/a/b"));
        leaveInStaging(DEAD);
        check();
        List<Repair> planned =
                findings.stream().map(Repair::of).flatMap(Optional::stream).toList();
        assertEquals(2, planned.size());
        Files.createDirectory(store.at(Names.journal(DEAD)));
        for (Repair repair : planned) {
            assertFalse(new Repairs(store.root).apply(repair));
        }
        check();
        assertTrue(findings.stream().map(Repair::of).allMatch(Optional::isEmpty));
    }

    @Test
    void whatASentCompletionMayNeedStaysUntilThatIsSettled() throws IOException {
        Files.createDirectory(store.at("bucket"));
        leaveInStaging(DEAD);
        check();
        Repair planned = Repair.of(only()).orElseThrow();
        UploadId upload = UploadId.of(3, 4);
        UploadStore uploads = new UploadStore(store.root);
        uploads.create(new UploadRecord(KEY, upload, 1, Instant.EPOCH, Map.of(), Map.of(), Map.of(), null, null));
        sendCompletion(uploads, upload);
        assertFalse(new Repairs(store.root).apply(planned), "sent after it was planned");
        check();
        assertTrue(Repair.of(only()).isEmpty());
        uploads.remove(KEY.bucket(), upload);
        check();
        assertTrue(new Repairs(store.root).apply(Repair.of(only()).orElseThrow()));
    }

    @Test
    void nothingLeavesStagingWhileAnUploadCannotBeRead() throws IOException {
        leaveInStaging(DEAD);
        Path upload = Files.createDirectories(store.at(Names.uploads(KEY.bucket()) + "/" + UploadId.of(3, 4)));
        Files.writeString(upload.resolve("create.json"), "{");
        Files.writeString(upload.resolve("sent.json"), "{");
        Files.createDirectory(store.at("bucket"));
        check();
        assertTrue(Repair.of(only()).isEmpty());
        assertFalse(new Repairs(store.root).apply(new Repair.RemoveLeftover(Names.staging(DEAD) + "/left.data")));
    }

    @Test
    void aVersionThatLostItsTimeIsBoundAgain() throws IOException {
        store.put(KEY, OLD, "the same content");
        Path data = store.at("bucket/a/b");
        Files.setLastModifiedTime(data, FileTime.fromMillis(1));
        check();
        assertEquals(2, findings.size());
        assertTrue(
                Repair.of(findings.stream()
                                .filter(f -> f instanceof Finding.OrphanSidecar)
                                .findFirst()
                                .orElseThrow())
                        .isEmpty(),
                "its sidecar must not go before");
        Finding lost = findings.stream()
                .filter(f -> f instanceof Finding.LostTime)
                .findFirst()
                .orElseThrow();
        assertTrue(new Repairs(store.root).apply(Repair.of(lost).orElseThrow()));
        assertEquals(0, check().findings());
        try (var object = assertInstanceOf(Opened.Found.class, new ObjectReader(store.root).open(KEY))
                .object()) {
            assertFalse(object.foreign());
            assertEquals(OLD, object.stamp());
        }
    }

    @Test
    void anotherContentIsNotBound() throws IOException {
        store.put(KEY, OLD, "hello");
        Files.writeString(store.at("bucket/a/b"), "jello");
        check();
        assertInstanceOf(Finding.OrphanSidecar.class, only());
    }

    @Test
    void leftoversOfTheDeadAreFoundAndThoseOfTheLivingAreNot() throws IOException {
        leaveInStaging(DEAD);
        leaveInStaging(ALIVE);
        Path swap = Files.createDirectory(store.at(Names.staging(DEAD)).resolve("swap"));
        Files.writeString(swap.resolve("x"), "perhaps somebody's");
        check();
        assertEquals(2, findings.size());
        for (Finding finding : findings) {
            Optional<Repair> repair = Repair.of(finding);
            assertEquals(finding instanceof Finding.StagingLeftover, repair.isPresent());
            if (repair.isPresent()) {
                assertTrue(new Repairs(store.root).apply(repair.get()));
            }
        }
        assertTrue(Files.exists(swap.resolve("x")));
        assertTrue(Files.exists(store.at(Names.staging(ALIVE) + "/left.data")));
        assertFalse(Files.exists(store.at(Names.staging(DEAD) + "/left.data")));
    }

    @Test
    void whatLiesAboutIsFound() throws IOException {
        Files.createDirectories(store.at(Names.ODD + "/bucket"));
        Files.createDirectories(store.at("bucket"));
        Files.writeString(store.at(Names.ODD + "/bucket/f.%zz"), "");
        Files.writeString(store.at(Names.DISPLACED + "/bucket.k.1"), "");
        Files.createDirectories(store.at(Names.UPLOADS + "/gone-bucket/8"));
        Files.writeString(store.at(Names.SIDECARS + "/stray"), "");
        check();
        assertEquals(
                Set.of(
                        new Finding.UndecodableName(Names.ODD + "/bucket/f.%zz"),
                        new Finding.Displaced(Names.DISPLACED + "/bucket.k.1"),
                        new Finding.UploadLeftover(Names.UPLOADS + "/gone-bucket/8"),
                        new Finding.StrayFile(Names.SIDECARS + "/stray")),
                Set.copyOf(findings));
        for (Finding finding : findings) {
            assertTrue(finding.sentence().endsWith("."));
            assertTrue(Repair.of(finding).isEmpty());
        }
    }

    @Test
    void anEscapedObjectIsBoundAgainToo() throws IOException {
        Files.createDirectories(store.at("bucket"));
        ObjectId object = StoreFixture.object("d/");
        store.put(object, OLD, "x");
        KeyPath path = StoreFixture.preferred(object);
        Files.setLastModifiedTime(store.at(path.toString()), FileTime.fromMillis(5));
        check();
        assertTrue(findings.stream().anyMatch(f -> f instanceof Finding.LostTime));
    }

    private static void sendCompletion(UploadStore uploads, UploadId upload) throws IOException {
        UploadId id = UploadId.of(5, 6);
        ETag etag = new ETag("0123");
        Mutation.Put put = new Mutation.Put(id, KEY, Preconditions.NONE, 1, 0, DEAD, 1, 1, true, etag, null);
        try (UploadDirectory u = uploads.open(KEY.bucket(), upload).orElseThrow()) {
            u.begin(new Attempt(id, "digest"), UploadId.of(7, 1));
            u.markSent(new SentAttempt("digest", put, null), UploadId.of(7, 2));
        }
    }

    private void leaveInStaging(Incarnation incarnation) throws IOException {
        Path staging = Files.createDirectories(store.at(Names.staging(incarnation)));
        Files.writeString(staging.resolve("left.data"), "x");
    }

    private static FileTime time(Stamp stamp) {
        return FileTime.from(stamp.instant());
    }

    private Fsck.Summary check() throws IOException {
        findings.clear();
        return Fsck.run(store.root, new Fsck.Options(true, true, Set.of(ALIVE)), findings::add);
    }

    private Finding only() {
        assertEquals(1, findings.size(), findings::toString);
        return findings.getFirst();
    }
}
