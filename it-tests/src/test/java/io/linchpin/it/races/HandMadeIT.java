package io.linchpin.it.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.ClusterTest;
import io.linchpin.it.harness.Http;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person changes files beneath a running cluster: seen at once by every node, with no metadata that was of other bytes. */
@ClusterTest
class HandMadeIT {
    private final Cluster cluster;
    private final Http http;
    private String bucket = "";

    HandMadeIT(Cluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    @BeforeEach
    void freshBucket() {
        bucket = cluster.newBucket();
    }

    private Path file(String key) {
        return cluster.root().resolve(bucket).resolve(key);
    }

    private String target(String key) {
        return "/" + bucket + "/" + key;
    }

    private Http.Answer put(String key, String body) {
        Http.Answer answer = http.put(
                target(key),
                body.getBytes(StandardCharsets.UTF_8),
                "x-amz-meta-from",
                "upload",
                "content-type",
                "test/up");
        assertEquals(200, answer.status(), answer::toString);
        return answer;
    }

    /** Every node shows this body, and none of the upload's metadata. */
    private void assertForeign(String key, String body, String uploadEtag) {
        for (int i = 0; i < 3; i++) {
            Http.Answer got = new Http(cluster.node(i)::port).get(target(key));
            assertEquals(200, got.status(), got::toString);
            assertEquals(body, got.text());
            assertEquals("", got.header("x-amz-meta-from"));
            assertNotEquals("test/up", got.header("content-type"));
            assertNotEquals(uploadEtag, got.etag());
            assertFalse(got.etag().isEmpty());
            assertEquals(got.etag(), http.send("HEAD", target(key)).etag());
            assertTrue(http.get("/" + bucket + "?list-type=2").text().contains(got.etag()), "its ETag is listed");
        }
    }

    @Test
    void anUploadIsAPlainFile() throws Exception {
        put("dir/plain", "bytes");
        assertEquals("bytes", Files.readString(file("dir/plain")));
    }

    @Test
    void aFileAddedByHandIsAnObject() throws Exception {
        Files.createDirectories(file("by/hand"));
        Files.writeString(file("by/hand/note"), "hello");
        assertForeign("by/hand/note", "hello", "");
    }

    @Test
    void aFileEditedByHandLosesTheUploadsMetadata() throws Exception {
        String etag = put("edited", "0123456789").etag();
        Files.writeString(file("edited"), "more", StandardOpenOption.APPEND);
        assertForeign("edited", "0123456789more", etag);
        // The same length as before, in place.
        String again = put("edited", "0123456789").etag();
        Files.writeString(file("edited"), "X", StandardOpenOption.WRITE);
        assertForeign("edited", "X123456789", again);
    }

    @Test
    void aFileReplacedByHandLosesTheUploadsMetadata() throws Exception {
        String etag = put("replaced", "by upload").etag();
        Path elsewhere = cluster.root().resolve(bucket).resolve("written-beside");
        Files.writeString(elsewhere, "by person");
        Files.move(elsewhere, file("replaced"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        assertForeign("replaced", "by person", etag);
        assertEquals(404, http.get(target("written-beside")).status());
    }

    @Test
    void aFileMovedByHandIsThereUnderItsNewNameOnly() throws Exception {
        put("old-name", "travels");
        Files.move(file("old-name"), file("new-name"));
        assertEquals(404, http.get(target("old-name")).status());
        Http.Answer got = http.get(target("new-name"));
        assertEquals("travels", got.text());
        assertEquals("", got.header("x-amz-meta-from"));
    }

    @Test
    void aFileRemovedByHandIsGone() throws Exception {
        put("removed", "soon");
        Files.delete(file("removed"));
        assertEquals(404, http.get(target("removed")).status());
        assertFalse(http.get("/" + bucket + "?list-type=2").text().contains("removed"));
        assertEquals(204, http.send("DELETE", target("removed")).status());
        assertEquals(
                200,
                http.put(target("removed"), new byte[] {1}, "if-none-match", "*")
                        .status());
    }

    @Test
    void conditionsAreJudgedAgainstWhatAPersonLeft() throws Exception {
        String etag = put("judged", "first").etag();
        Files.writeString(file("judged"), "second");
        Http.Answer stale = http.put(target("judged"), new byte[] {3}, "if-match", "\"" + etag + "\"");
        assertEquals(412, stale.status(), stale::toString);
        String foreign = http.send("HEAD", target("judged")).header("etag");
        assertEquals(
                200,
                http.put(target("judged"), new byte[] {3}, "if-match", foreign).status());
        assertEquals(
                412,
                http.put(target("judged"), new byte[] {4}, "if-none-match", "*").status());
    }

    @Test
    void aCopyThatKeepsTimesIsNoUpload() throws Exception {
        String etag = put("stamped", "0123").etag();
        FileTime stamp = Files.getLastModifiedTime(file("stamped"));
        Files.writeString(file("stamped"), "012345");
        Files.setLastModifiedTime(file("stamped"), stamp);
        assertForeign("stamped", "012345", etag);
    }

    @Test
    void anOverwriteOfAHandMadeFileIsAnUploadAgain() throws IOException {
        Files.writeString(file("both"), "by hand");
        assertForeign("both", "by hand", "");
        String etag = put("both", "by upload").etag();
        Http.Answer got = http.get(target("both"));
        assertEquals("by upload", got.text());
        assertEquals(etag, got.etag());
        assertEquals("upload", got.header("x-amz-meta-from"));
    }
}
