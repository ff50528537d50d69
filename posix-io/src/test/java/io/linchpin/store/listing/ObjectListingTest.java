package io.linchpin.store.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.store.layout.Names;
import io.linchpin.store.read.StoreFixture;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectListingTest {
    private static final Stamp STAMP = new Stamp(1_700_000_000_123_456_789L);
    private static final BucketName BUCKET = new BucketName("bucket");

    @TempDir
    private Path directory;

    private StoreFixture store;

    @BeforeEach
    void open() throws IOException {
        store = new StoreFixture(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void anEntryHasItsVersionsMetadata() throws IOException {
        ObjectId object = StoreFixture.object("d/");
        Sidecar sidecar = store.put(object, STAMP, "hello");
        Listed.Entry entry = assertInstanceOf(Listed.Entry.class, list("", "").getFirst());
        assertEquals(object.key(), entry.key());
        assertEquals(5, entry.size());
        assertEquals(sidecar.etag(), entry.etag());
        assertEquals(STAMP.instant(), entry.lastModified());
        assertFalse(entry.foreign());
    }

    @Test
    void aHandMadeFileIsListedAsForeign() throws IOException {
        store.write(StoreFixture.preferred(StoreFixture.object("by/hand")), "x");
        assertTrue(assertInstanceOf(Listed.Entry.class, list("", "").getFirst()).foreign());
    }

    @Test
    void oneBadSidecarHidesNothing() throws IOException {
        ObjectId object = StoreFixture.object("k");
        store.put(object, STAMP, "hello");
        Files.writeString(store.at(Names.sidecar(object, STAMP)), "{}");
        assertTrue(assertInstanceOf(Listed.Entry.class, list("", "").getFirst()).foreign());
    }

    @Test
    void emptyDirectoriesSymlinksAndReservedNamesAreLeftOut() throws IOException {
        Files.createDirectories(store.at("bucket/empty/deep"));
        Files.createSymbolicLink(store.at("bucket/link"), store.at("bucket"));
        Files.writeString(store.at("bucket/.linchpin-x"), "x");
        Files.createDirectories(store.at(".linchpin/odd/bucket/x.y"));
        Files.writeString(store.at(".linchpin/odd/bucket/f.%zz"), "x");
        assertEquals(List.of(), list("", ""));
        assertEquals(List.of(), list("", "/"));
    }

    @Test
    void aBucketThatIsNotThereIsEmpty() throws IOException {
        assertEquals(List.of(), list("", ""));
    }

    @Test
    void aMarkerMayBeACommonPrefix() {
        assertEquals(Bound.afterPrefix("a/"), Bound.marker("a/", "", "/"));
        assertEquals(Bound.afterPrefix("a/"), Bound.marker("a/b", "", "/"));
        assertEquals(Bound.afterPrefix("a/b/"), Bound.marker("a/b/", "a/", "/"));
        assertEquals(Bound.afterPrefix("a/"), Bound.marker("a/b/", "", "/"));
        assertEquals(Bound.after("a/"), Bound.marker("a/", "a/", "/"));
        assertEquals(Bound.after("b/c"), Bound.marker("b/c", "a/", "/"));
        assertEquals(Bound.after("a/"), Bound.marker("a/", "", ""));
    }

    private List<Listed> list(String prefix, String delimiter) throws IOException {
        return new ObjectListing(store.root)
                .list(BUCKET, new ObjectListing.Query(prefix, delimiter, Bound.START, 1000))
                .items();
    }
}
