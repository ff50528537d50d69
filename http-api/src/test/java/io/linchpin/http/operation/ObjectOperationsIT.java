package io.linchpin.http.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.S3;
import io.linchpin.http.testing.S3Server;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One fact on the wire each, against a real node. */
@S3Server
class ObjectOperationsIT {
    private final S3 s3;

    ObjectOperationsIT(S3 s3) {
        this.s3 = s3;
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void anObjectIsAPlainFile() throws Exception {
        String b = s3.newBucket();
        assertEquals(200, s3.send("PUT", "/" + b + "/d/k", "hello", Map.of()).statusCode());
        assertEquals("hello", Files.readString(s3.root().resolve(b).resolve("d/k")));
    }

    @Test
    void contentTypeAndMetadataComeBackAsSent() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "x", Map.of("content-type", "Text/HTML;charset=utf-8", "x-amz-meta-a", "B c"));
        HttpResponse<String> got = s3.send("GET", "/" + b + "/k");
        assertEquals("Text/HTML;charset=utf-8", header(got, "content-type"));
        assertEquals("B c", header(got, "x-amz-meta-a"));
        assertEquals("\"9dd4e461268c8034f5c8564e155c67a6\"", header(got, "etag"));
    }

    @Test
    void headTellsTheLengthAndSendsNoBody() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "hello", Map.of());
        HttpResponse<String> head = s3.send("HEAD", "/" + b + "/k");
        assertEquals("5", header(head, "content-length"));
        assertEquals("", head.body());
    }

    @Test
    void aRangeIsPartial() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "hello", Map.of());
        HttpResponse<String> part = s3.send("GET", "/" + b + "/k", "", Map.of("range", "bytes=1-2"));
        assertEquals(206, part.statusCode());
        assertEquals("bytes 1-2/5", header(part, "content-range"));
        assertEquals("el", part.body());
        assertEquals(
                416,
                s3.send("GET", "/" + b + "/k", "", Map.of("range", "bytes=9-")).statusCode());
    }

    @Test
    void ifNoneMatchLetsOneCreatorThrough() throws Exception {
        String b = s3.newBucket();
        Map<String, String> absent = Map.of("if-none-match", "*");
        assertEquals(200, s3.send("PUT", "/" + b + "/k", "1", absent).statusCode());
        assertEquals(412, s3.send("PUT", "/" + b + "/k", "2", absent).statusCode());
        assertEquals("1", s3.send("GET", "/" + b + "/k").body());
    }

    @Test
    void ifMatchOfAnAbsentObjectIsNotFound() throws Exception {
        String b = s3.newBucket();
        assertEquals(
                404,
                s3.send("PUT", "/" + b + "/k", "1", Map.of("if-match", "\"a\"")).statusCode());
    }

    @Test
    void deleteIsNoContentWhetherOrNotThereWasAnObject() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "1", Map.of());
        assertEquals(204, s3.send("DELETE", "/" + b + "/k").statusCode());
        assertEquals(204, s3.send("DELETE", "/" + b + "/k").statusCode());
        assertEquals(404, s3.send("GET", "/" + b + "/k").statusCode());
    }

    @Test
    void aWrongDigestStoresNothing() throws Exception {
        String b = s3.newBucket();
        Map<String, String> wrong = Map.of("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==");
        HttpResponse<String> refused = s3.send("PUT", "/" + b + "/k", "1", wrong);
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains("<Code>BadDigest</Code>"), refused.body());
        assertEquals(404, s3.send("GET", "/" + b + "/k").statusCode());
    }

    @Test
    void theChecksumSentIsGivenBackOnDemand() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "hello", Map.of("x-amz-checksum-crc32", "NhCmhg=="));
        HttpResponse<String> got = s3.send("GET", "/" + b + "/k", "", Map.of("x-amz-checksum-mode", "ENABLED"));
        assertEquals("NhCmhg==", header(got, "x-amz-checksum-crc32"));
        assertEquals("", header(s3.send("GET", "/" + b + "/k"), "x-amz-checksum-crc32"));
    }

    @Test
    void aKeyBesideItsOwnPrefixIsStored() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/a", "1", Map.of());
        s3.send("PUT", "/" + b + "/a/b", "2", Map.of());
        assertEquals("1", s3.send("GET", "/" + b + "/a").body());
        assertEquals("2", s3.send("GET", "/" + b + "/a/b").body());
    }

    @Test
    void aFileMadeByHandIsAnObject() throws Exception {
        String b = s3.newBucket();
        Path file = s3.root().resolve(b).resolve("by-hand");
        Files.writeString(file, "mine");
        assertEquals("mine", s3.send("GET", "/" + b + "/by-hand").body());
        assertTrue(s3.send("GET", "/" + b + "?list-type=2").body().contains("<Key>by-hand</Key>"));
    }

    @Test
    void aCopyOntoItselfMustChangeSomething() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "1", Map.of());
        Map<String, String> self = Map.of("x-amz-copy-source", "/" + b + "/k");
        assertEquals(400, s3.send("PUT", "/" + b + "/k", "", self).statusCode());
        Map<String, String> replaced =
                Map.of("x-amz-copy-source", "/" + b + "/k", "x-amz-metadata-directive", "REPLACE", "x-amz-meta-n", "2");
        assertEquals(200, s3.send("PUT", "/" + b + "/k", "", replaced).statusCode());
        assertEquals("2", header(s3.send("GET", "/" + b + "/k"), "x-amz-meta-n"));
    }

    @Test
    void aBucketWithAnObjectIsNotDeleted() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "1", Map.of());
        assertEquals(409, s3.send("DELETE", "/" + b).statusCode());
        s3.send("DELETE", "/" + b + "/k");
        assertEquals(204, s3.send("DELETE", "/" + b).statusCode());
        assertEquals(404, s3.send("HEAD", "/" + b).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cors=", "restore=", "select=", "torrent=", "versionId=abc", "never-heard-of="})
    void whatIsNotBuiltIsSaidSo(String query) throws Exception {
        assertEquals(501, s3.send("GET", "/some-bucket/k?" + query).statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x-amz-server-side-encryption", "x-amz-object-lock-mode", "x-amz-grant-read", "x-amz-tagging"})
    void aHeaderThatAsksForWhatIsNotBuiltIsRefused(String name) throws Exception {
        String b = s3.newBucket();
        assertEquals(501, s3.send("PUT", "/" + b + "/k", "1", Map.of(name, "x")).statusCode());
        assertEquals(404, s3.send("GET", "/" + b + "/k").statusCode());
    }

    @Test
    void anAccessControlListThatNobodyHasIsAnArgumentThatIsWrong() throws Exception {
        String b = s3.newBucket();
        assertEquals(
                501,
                s3.send("PUT", "/" + b + "/k", "1", Map.of("x-amz-acl", "public-read"))
                        .statusCode());
        HttpResponse<String> refused = s3.send("PUT", "/" + b + "/k", "1", Map.of("x-amz-acl", "public-reed"));
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains("<Code>InvalidArgument</Code>"), refused.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"})
    void aBucketExpectedToBeAnothersIsRefused(String header) throws Exception {
        String b = s3.newBucket();
        assertEquals(
                403,
                s3.send("PUT", "/" + b + "/k", "1", Map.of(header, "111122223333"))
                        .statusCode());
        assertEquals(404, s3.send("GET", "/" + b + "/k").statusCode());
        String list = s3.send("GET", "/").body();
        String owner = list.substring(list.indexOf("<ID>") + 4, list.indexOf("</ID>"));
        assertEquals(
                200, s3.send("PUT", "/" + b + "/k", "1", Map.of(header, owner)).statusCode());
    }
}
