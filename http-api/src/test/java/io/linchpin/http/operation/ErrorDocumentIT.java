package io.linchpin.http.operation;

import static io.linchpin.http.testing.Xml.assertRefused;
import static io.linchpin.http.testing.Xml.element;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.http.testing.S3;
import io.linchpin.http.testing.S3Server;
import io.linchpin.http.testing.Signer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a refusal tells beside its code and message, for clients that read it. */
@S3Server
class ErrorDocumentIT {
    private final S3 s3;

    ErrorDocumentIT(S3 s3) {
        this.s3 = s3;
    }

    @Test
    void aRangeBeyondTheObjectIsRepeated() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "hello", Map.of());
        HttpResponse<String> refused = s3.send("GET", k, "", Map.of("range", "bytes=5-"));
        assertRefused(416, "InvalidRange", refused);
        assertEquals("bytes=5-", element(refused.body(), "RangeRequested"));
        assertEquals("5", element(refused.body(), "ActualObjectSize"));
    }

    @Test
    void theRightRegionIsToldInAHeaderToo() throws Exception {
        String target = "/some-bucket/k";
        for (String method : new String[] {"GET", "HEAD"}) {
            Map<String, String> head = Signer.sign(method, target, s3.host(), Map.of(), "UNSIGNED-PAYLOAD");
            head.remove("host");
            head.computeIfPresent("authorization", (name, value) -> value.replace("us-east-1", "eu-west-1"));
            HttpResponse<String> byHeader = s3.sendAsIs(method, target, "", head);
            HttpResponse<String> byQuery = s3.sendAsIs(
                    method, Signer.presign(method, target, s3.host()).replace("us-east-1", "eu-west-1"));
            for (HttpResponse<String> refused : List.of(byHeader, byQuery)) {
                assertEquals(400, refused.statusCode());
                assertEquals(
                        "us-east-1",
                        refused.headers().firstValue("x-amz-bucket-region").orElse(""));
            }
            assertEquals(method.equals("GET") ? "us-east-1" : "", element(byHeader.body(), "Region"));
        }
    }

    @Test
    void aPartNumberIsReadByGetAndHead() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "hello", Map.of());
        assertEquals("hello", s3.send("GET", k + "?partNumber=1").body());
        assertEquals(206, s3.send("HEAD", k + "?partNumber=1").statusCode());
        HttpResponse<String> beyond = s3.send("GET", k + "?partNumber=3");
        assertRefused(416, "InvalidPartNumber", beyond);
        assertEquals("3", element(beyond.body(), "PartNumberRequested"));
        assertEquals("1", element(beyond.body(), "ActualPartCount"));
    }

    private static String parts(String... etags) {
        StringBuilder list = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 0; i < etags.length; i += 2) {
            list.append("<Part><PartNumber>").append(etags[i]).append("</PartNumber><ETag>");
            list.append(etags[i + 1]).append("</ETag></Part>");
        }
        return list.append("</CompleteMultipartUpload>").toString();
    }

    @Test
    void whatIsWrongWithACompletionIsTold() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        String id = element(s3.send("POST", k + "?uploads").body(), "UploadId");
        String upload = k + "?uploadId=" + id;
        String etag = s3.send("PUT", k + "?partNumber=1&uploadId=" + id, "hello", Map.of())
                .headers()
                .firstValue("etag")
                .orElseThrow();
        s3.send("PUT", k + "?partNumber=2&uploadId=" + id, "hello", Map.of());

        HttpResponse<String> small = s3.send("POST", upload, parts("1", etag, "2", etag), Map.of());
        assertRefused(400, "EntityTooSmall", small);
        assertEquals("5242880", element(small.body(), "MinSizeAllowed"));
        assertEquals("5", element(small.body(), "ProposedSize"));
        assertEquals("1", element(small.body(), "PartNumber"));
        assertEquals(etag.replace("\"", ""), element(small.body(), "ETag"));

        HttpResponse<String> invalid = s3.send("POST", upload, parts("3", etag), Map.of());
        assertRefused(400, "InvalidPart", invalid);
        assertEquals(id, element(invalid.body(), "UploadId"));

        HttpResponse<String> order = s3.send("POST", upload, parts("2", etag, "1", etag), Map.of());
        assertRefused(400, "InvalidPartOrder", order);
        assertEquals(id, element(order.body(), "UploadId"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000000000000000000000000000", "none"})
    void anUploadThatIsNotThereIsNamed(String id) throws Exception {
        String k = "/" + s3.newBucket() + "/k?uploadId=" + id;
        for (String method : new String[] {"GET", "DELETE", "POST"}) {
            HttpResponse<String> refused = s3.send(method, k, method.equals("POST") ? parts("1", "e") : "", Map.of());
            assertRefused(404, "NoSuchUpload", refused);
            assertEquals(id, element(refused.body(), "UploadId"));
        }
    }

    @ParameterizedTest
    @CsvSource({"if-match,If-Match", "if-unmodified-since,If-Unmodified-Since"})
    void theConditionThatFailedIsNamed(String header, String condition) throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "hello", Map.of());
        String value = header.equals("if-match") ? "\"other\"" : "Thu, 01 Jan 2015 00:00:00 GMT";
        HttpResponse<String> read = s3.send("GET", k, "", Map.of(header, value));
        assertRefused(412, "PreconditionFailed", read);
        assertEquals(condition, element(read.body(), "Condition"));
        Map<String, String> copy = Map.of("x-amz-copy-source", k, "x-amz-copy-source-" + header, value);
        HttpResponse<String> copied = s3.send("PUT", k + "2", "", copy);
        assertRefused(412, "PreconditionFailed", copied);
        assertEquals("x-amz-copy-source-" + condition, element(copied.body(), "Condition"));
    }

    @Test
    void aCopyOfWhatTheClientHasNamesTheCondition() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "hello", Map.of());
        Map<String, String> copy = Map.of("x-amz-copy-source", k, "x-amz-copy-source-if-none-match", "*");
        HttpResponse<String> copied = s3.send("PUT", k + "2", "", copy);
        assertRefused(412, "PreconditionFailed", copied);
        assertEquals("x-amz-copy-source-If-None-Match", element(copied.body(), "Condition"));
    }

    @Test
    void aKeyThatIsNotThereIsNamed() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        Map<String, String> ifMatch = Map.of("if-match", "\"e\"");
        for (HttpResponse<String> refused :
                List.of(s3.send("GET", k), s3.send("PUT", k, "1", ifMatch), s3.send("DELETE", k, "", ifMatch))) {
            assertRefused(404, "NoSuchKey", refused);
            assertEquals("k", element(refused.body(), "Key"));
        }
    }

    @Test
    void aDigestThatIsNoneIsRepeated() throws Exception {
        HttpResponse<String> refused = s3.send("PUT", "/" + s3.newBucket() + "/k", "1", Map.of("content-md5", "bogus"));
        assertRefused(400, "InvalidDigest", refused);
        assertEquals("bogus", element(refused.body(), "Content-MD5"));
    }
}
