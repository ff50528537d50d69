package io.linchpin.it.refusals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.Signer;
import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.ClusterTest;
import io.linchpin.it.harness.Http;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Through a whole node, against its disk: after each refusal the bucket is as empty as before. */
@ClusterTest(nodes = 1)
class RefusalsIT {
    private final Cluster cluster;
    private final Http http;
    private String bucket = "";

    RefusalsIT(Cluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    @BeforeEach
    void freshBucket() {
        bucket = cluster.newBucket();
    }

    @AfterEach
    void nothingWasStored() throws IOException {
        try (Stream<Path> files = Files.walk(cluster.root().resolve(bucket))) {
            assertEquals(0, files.filter(Files::isRegularFile).count());
        }
        assertTrue(http.get("/" + bucket + "?list-type=2").text().contains("<KeyCount>0</KeyCount>"));
    }

    private static void assertRefused(int status, String code, Http.Answer answer) {
        assertEquals(status, answer.status(), answer::toString);
        assertEquals(code, answer.code(), answer::toString);
        assertFalse(answer.text().contains("io.linchpin") || answer.text().contains("Exception"), answer::toString);
    }

    private Http.Answer raw(String method, String target, Map<String, String> headers, String body) {
        return Http.sendAsIs(cluster.nextPort(), method, target, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, String> signed(String method, String target, Map<String, String> headers, String payload) {
        return Signer.sign(method, target, "127.0.0.1:" + cluster.node(0).port(), headers, payload);
    }

    private Http.Answer toFirst(String method, String target, Map<String, String> headers, String body) {
        return Http.sendAsIs(cluster.node(0).port(), method, target, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void withoutASignature() {
        assertRefused(403, "AccessDenied", raw("PUT", "/" + bucket + "/k", Map.of(), "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-meta-a", "x-amz-copy-source", "x-amz-tagging"})
    void aHeaderThatMattersAddedAfterSigning(String name) {
        String target = "/" + bucket + "/k";
        Map<String, String> headers = signed("PUT", target, Map.of(), "UNSIGNED-PAYLOAD");
        headers.put(name, "/other/secret");
        assertEquals(403, toFirst("PUT", target, headers, "x").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"})
    void aForgedSignatureInEveryMode(String mode) {
        String target = "/" + bucket + "/k";
        Map<String, String> headers = signed(
                "PUT",
                target,
                Map.of("x-amz-decoded-content-length", "1", "x-amz-trailer", "x-amz-checksum-crc32"),
                mode);
        headers.computeIfPresent("authorization", (k, v) -> v.substring(0, v.length() - 8) + "00000000");
        assertEquals(403, toFirst("PUT", target, headers, "1\r\nx\r\n0\r\n\r\n").status());
    }

    @Test
    void aBodyThatIsNotWhatWasSigned() {
        String target = "/" + bucket + "/k";
        Map<String, String> headers =
                signed("PUT", target, Map.of(), Signer.sha256("right".getBytes(StandardCharsets.UTF_8)));
        assertRefused(400, "XAmzContentSHA256Mismatch", toFirst("PUT", target, headers, "wrong"));
    }

    @Test
    void aBodyThatIsNotItsMd5() {
        assertRefused(
                400,
                "BadDigest",
                http.put("/" + bucket + "/k", new byte[] {1}, "content-md5", "XUFAKrxLKna5cZ2REBfFkg=="));
        assertRefused(400, "InvalidDigest", http.put("/" + bucket + "/k", new byte[] {1}, "content-md5", "no"));
    }

    @ParameterizedTest
    @CsvSource({
        "%00, 400",
        "a%00b, 400",
        "%ff%fe, 400",
        "%c3%28, 400",
    })
    void keysThatAreNone(String key, int status) {
        assertEquals(status, http.put("/" + bucket + "/" + key, new byte[] {1}).status());
    }

    @Test
    void aKeyBeyondTheLimit() {
        assertRefused(400, "KeyTooLongError", http.put("/" + bucket + "/" + "k".repeat(1025), new byte[] {1}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.linchpin/format.json", "/.linchpin/users/root.json", "/.linchpin"})
    void theStoresOwnFilesAreNoBucket(String target) {
        Http.Answer answer = http.get(target);
        assertTrue(answer.status() == 400 || answer.status() == 404 || answer.status() == 403, answer::toString);
        assertTrue(http.put(target + "/x", new byte[] {1}).status() >= 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../etc/passwd", "/.linchpin/users/root.json", "no-slash", "/%00/x", ""})
    void copySourcesThatLeadElsewhere(String source) {
        Http.Answer answer = http.put("/" + bucket + "/k", new byte[0], "x-amz-copy-source", source);
        assertTrue(answer.status() >= 400 && answer.status() < 500, answer::toString);
    }

    @Test
    void aSymlinkInABucketDoesNotEscape() throws IOException {
        Path secret = cluster.root().resolveSibling("secret");
        Files.writeString(secret, "outside");
        Path link = cluster.root().resolve(bucket).resolve("link");
        Path folder = cluster.root().resolve(bucket).resolve("folder");
        Files.createSymbolicLink(link, secret);
        Files.createSymbolicLink(folder, secret.getParent());
        try {
            assertEquals(404, http.get("/" + bucket + "/link").status());
            assertFalse(http.get("/" + bucket + "/folder/secret").text().contains("outside"));
            assertFalse(http.get("/" + bucket + "?list-type=2").text().contains("secret"));
        } finally {
            Files.delete(link);
            Files.delete(folder);
            Files.delete(secret);
        }
    }

    @Test
    void documentsWithDeclarationsAndNonsense() {
        String laughs = "<!DOCTYPE a [<!ENTITY b \"ha\">]><Delete><Object><Key>&b;</Key></Object></Delete>";
        for (String body : new String[] {laughs, "<Delete>", "", "{}", "<Delete><Object/></Delete>"}) {
            Http.Answer answer =
                    http.send("POST", "/" + bucket + "?delete", Map.of(), body.getBytes(StandardCharsets.UTF_8));
            assertEquals(400, answer.status(), () -> body + ": " + answer);
        }
    }
}
