package io.linchpin.http.operation;

import static io.linchpin.http.testing.Xml.element;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.S3;
import io.linchpin.http.testing.S3Server;
import io.linchpin.http.testing.Signer;
import io.linchpin.http.wire.HttpDate;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What client libraries rely on, one fact on the wire each. */
@S3Server
class ConformanceIT {
    private final S3 s3;

    ConformanceIT(S3 s3) {
        this.s3 = s3;
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void anOwnerMayCreateABucketAgainAndKeepsWhatIsInIt() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "1", Map.of());
        assertEquals(200, s3.send("PUT", "/" + b).statusCode());
        assertEquals("1", s3.send("GET", "/" + b + "/k").body());
    }

    @Test
    void contentEncodingLosesAwsChunkedAndNothingElse() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "1", Map.of("content-encoding", "aws-chunked, deflate, gzip"));
        assertEquals("deflate, gzip", header(s3.send("HEAD", "/" + b + "/k"), "content-encoding"));
    }

    @Test
    void anUploadBegunWithoutAlgorithmGetsTheCrcOfItsParts() throws Exception {
        String b = s3.newBucket();
        String id = element(s3.send("POST", "/" + b + "/k?uploads").body(), "UploadId");
        HttpResponse<String> part = s3.send(
                "PUT", "/" + b + "/k?partNumber=1&uploadId=" + id, "hello", Map.of("x-amz-checksum-crc32", "NhCmhg=="));
        String list = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + header(part, "etag")
                + "</ETag></Part></CompleteMultipartUpload>";
        String done =
                s3.send("POST", "/" + b + "/k?uploadId=" + id, list, Map.of()).body();
        assertEquals("NhCmhg==", element(done, "ChecksumCRC32"));
        assertEquals("FULL_OBJECT", element(done, "ChecksumType"));
    }

    @Test
    void theChecksumOnCompleteIsTheObjects() throws Exception {
        String b = s3.newBucket();
        Map<String, String> crc32 = Map.of("x-amz-checksum-algorithm", "CRC32", "x-amz-checksum-type", "FULL_OBJECT");
        String id = element(s3.send("POST", "/" + b + "/k?uploads", "", crc32).body(), "UploadId");
        Map<String, String> sum = Map.of("x-amz-checksum-crc32", "NhCmhg==");
        HttpResponse<String> part = s3.send("PUT", "/" + b + "/k?partNumber=1&uploadId=" + id, "hello", sum);
        String list = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + header(part, "etag")
                + "</ETag></Part></CompleteMultipartUpload>";
        assertEquals(
                200, s3.send("POST", "/" + b + "/k?uploadId=" + id, list, sum).statusCode());
    }

    private String[] checksum(String target, Map<String, String> headers) throws Exception {
        Map<String, String> all = new HashMap<>(headers);
        all.put("x-amz-checksum-mode", "ENABLED");
        HttpResponse<String> got = s3.send("GET", target, "", all);
        assertEquals(
                header(got, "x-amz-checksum-crc32"), header(s3.send("HEAD", target, "", all), "x-amz-checksum-crc32"));
        return new String[] {header(got, "x-amz-checksum-crc32"), header(got, "x-amz-checksum-type")};
    }

    @Test
    void aPartIsReadWithItsOwnChecksumAndOtherRangesWithNone() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        Map<String, String> crc32 = Map.of("x-amz-checksum-algorithm", "CRC32");
        String id = element(s3.send("POST", k + "?uploads", "", crc32).body(), "UploadId");
        Map<String, String> sum = Map.of("x-amz-checksum-crc32", "NhCmhg==");
        String etag = header(s3.send("PUT", k + "?partNumber=1&uploadId=" + id, "hello", sum), "etag");
        String list = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                + "</ETag><ChecksumCRC32>NhCmhg==</ChecksumCRC32></Part></CompleteMultipartUpload>";
        String composite =
                element(s3.send("POST", k + "?uploadId=" + id, list, Map.of()).body(), "ChecksumCRC32");
        assertTrue(composite.endsWith("-1"), composite);
        assertArrayEquals(new String[] {"NhCmhg==", "COMPOSITE"}, checksum(k + "?partNumber=1", Map.of()));
        assertArrayEquals(new String[] {composite, "COMPOSITE"}, checksum(k, Map.of()));
        assertArrayEquals(new String[] {composite, "COMPOSITE"}, checksum(k, Map.of("range", "bytes=0-")));
        assertArrayEquals(new String[] {"", ""}, checksum(k, Map.of("range", "bytes=0-3")));
    }

    @Test
    void theOnlyPartIsReadWithTheChecksumOfTheObject() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "hello", Map.of("x-amz-checksum-crc32", "NhCmhg=="));
        assertArrayEquals(new String[] {"NhCmhg==", "FULL_OBJECT"}, checksum(k + "?partNumber=1", Map.of()));
    }

    @Test
    void aCopyThatIsNotSmallIsWhole() throws Exception {
        String b = s3.newBucket();
        String body = "0123456789abcdef".repeat(100_000);
        s3.send("PUT", "/" + b + "/from", body, Map.of());
        HttpResponse<String> copied =
                s3.send("PUT", "/" + b + "/to", "", Map.of("x-amz-copy-source", "/" + b + "/from"));
        assertEquals(200, copied.statusCode());
        assertEquals(body, s3.send("GET", "/" + b + "/to").body());
    }

    @Test
    void deleteObjectsAnswersForEachKey() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/a", "1", Map.of());
        String list = "<Delete><Object><Key>a</Key></Object><Object><Key>never-there</Key></Object></Delete>";
        byte[] md5 = MessageDigest.getInstance("MD5").digest(list.getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> gone = s3.send(
                "POST",
                "/" + b + "?delete",
                list,
                Map.of("content-md5", Base64.getEncoder().encodeToString(md5)));
        assertEquals(200, gone.statusCode());
        assertTrue(gone.body().contains("<Key>a</Key>"), gone.body());
        assertTrue(gone.body().contains("<Key>never-there</Key>"), gone.body());
        assertEquals(404, s3.send("GET", "/" + b + "/a").statusCode());
    }

    @Test
    void aTokenLeadsToTheNextPage() throws Exception {
        String b = s3.newBucket();
        for (String key : new String[] {"a", "b", "d/1", "d/2"}) {
            s3.send("PUT", "/" + b + "/" + key, "1", Map.of());
        }
        String first = s3.send("GET", "/" + b + "?list-type=2&max-keys=2&delimiter=%2F")
                .body();
        assertEquals("true", element(first, "IsTruncated"));
        String token = element(first, "NextContinuationToken")
                .replace("/", "%2F")
                .replace("+", "%2B")
                .replace("=", "%3D");
        String next = s3.send("GET", "/" + b + "?continuation-token=" + token + "&delimiter=%2F&list-type=2")
                .body();
        assertEquals("false", element(next, "IsTruncated"));
        assertTrue(next.contains("<CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>"), next);
        assertTrue(!next.contains("<Contents>"), next);
    }

    @Test
    void aPresignedUrlNeedsNoHeader() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "hello", Map.of());
        assertEquals(
                "hello",
                s3.sendAsIs("GET", Signer.presign("GET", "/" + b + "/k", s3.host()))
                        .body());
    }

    @Test
    void signatureVersionTwoIsRefusedByName() throws Exception {
        HttpResponse<String> refused =
                s3.sendAsIs("GET", "/some-bucket/k?AWSAccessKeyId=" + Signer.ACCESS_KEY + "&Signature=a&Expires=1");
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains("AWS4-HMAC-SHA256"), refused.body());
    }

    /** As S3 reads the header: a plus is a space, and so is a space; a plus is escaped. */
    @ParameterizedTest
    @CsvSource({"a+b,a%20b", "a b,a%20b", "a%20b,a%20b", "a%2Bb,a%2Bb"})
    void aPlusInACopySourceIsASpace(String source, String key) throws Exception {
        String b = "/" + s3.newBucket();
        s3.send("PUT", b + "/" + key, key, Map.of());
        HttpResponse<String> copied =
                s3.send("PUT", b + "/to", "", Map.of("x-amz-copy-source", b.substring(1) + "/" + source));
        assertEquals(200, copied.statusCode(), copied.body());
        assertEquals(key, s3.send("GET", b + "/to").body());
    }

    @ParameterizedTest
    @CsvSource({"-60,304,412", "60,200,200"})
    void aDateToComeIsNoCondition(long secondsAhead, int read, int copied) throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "hello", Map.of());
        // Made before that date; by its own clock the server knows which date is to come.
        Files.setLastModifiedTime(
                s3.root().resolve(k.substring(1)), FileTime.from(Instant.now().minusSeconds(600)));
        String date = HttpDate.format(Instant.now().plusSeconds(secondsAhead));
        assertEquals(
                read, s3.send("GET", k, "", Map.of("if-modified-since", date)).statusCode());
        Map<String, String> copy = Map.of("x-amz-copy-source", k, "x-amz-copy-source-if-modified-since", date);
        assertEquals(copied, s3.send("PUT", k + "2", "", copy).statusCode());
    }

    @Test
    void aCopyOntoItselfMayNameTheStorageClass() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "hello", Map.of("x-amz-meta-a", "b"));
        Map<String, String> self = Map.of("x-amz-copy-source", k, "x-amz-storage-class", "STANDARD");
        assertEquals(200, s3.send("PUT", k, "", self).statusCode());
        assertEquals("b", header(s3.send("GET", k), "x-amz-meta-a"));
    }

    @Test
    void aMarkerInsideACommonPrefixIsPastIt() throws Exception {
        String b = s3.newBucket();
        for (String key : new String[] {"a", "d/1", "d/2", "e"}) {
            s3.send("PUT", "/" + b + "/" + key, "1", Map.of());
        }
        String first = s3.send("GET", "/" + b + "?delimiter=%2F&marker=d%2F1").body();
        assertEquals("e", element(first, "Key"));
        assertTrue(!first.contains("<CommonPrefixes>"), first);
        String second = s3.send("GET", "/" + b + "?delimiter=%2F&list-type=2&start-after=d%2F1")
                .body();
        assertTrue(second.contains("<CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>"), second);
    }

    @Test
    void thePartsAfterTheLastAreNone() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        String id = element(s3.send("POST", k + "?uploads").body(), "UploadId");
        s3.send("PUT", k + "?partNumber=1&uploadId=" + id, "hello", Map.of());
        String page = s3.send("GET", k + "?part-number-marker=1&uploadId=" + id).body();
        assertEquals("1", element(page, "PartNumberMarker"));
        assertEquals("0", element(page, "NextPartNumberMarker"));
    }
}
