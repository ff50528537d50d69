package io.linchpin.http.operation;

import static io.linchpin.http.testing.Xml.element;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.RawSocket;
import io.linchpin.http.testing.S3;
import io.linchpin.http.testing.S3Server;
import io.linchpin.http.testing.Signer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers and ranges of a read, one fact on the wire each. */
@S3Server
class GetObjectIT {
    private final S3 s3;

    GetObjectIT(S3 s3) {
        this.s3 = s3;
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    /** Sends a header's characters as the bytes of UTF-8, which no client library of ours would. */
    private RawSocket.Answer raw(String method, String target, Map<String, String> headers) throws Exception {
        Map<String, String> signed = Signer.sign(method, target, s3.host(), headers, Signer.sha256(new byte[0]));
        signed.replaceAll((k, v) -> new String(v.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        signed.put("content-length", "0");
        try (RawSocket socket =
                new RawSocket(Integer.parseInt(s3.host().substring(s3.host().indexOf(':') + 1)))) {
            return socket.head(method, target, signed).answer();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "content-type,text/plain,text/html",
        "cache-control,no-store,max-age=5",
        "content-disposition,inline,attachment",
        "content-encoding,identity,deflate",
        "content-language,de,en",
        "expires,'Thu, 01 Dec 1994 16:00:00 GMT','Fri, 02 Dec 1994 16:00:00 GMT'"
    })
    void anOverrideStandsInPlaceOfWhatIsStored(String name, String stored, String override) throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "x", Map.of(name, stored));
        String escaped = override.replace(" ", "%20")
                .replace(",", "%2C")
                .replace(":", "%3A")
                .replace("/", "%2F")
                .replace("=", "%3D");
        for (String method : new String[] {"GET", "HEAD"}) {
            HttpResponse<String> got = s3.send(method, k + "?response-" + name + "=" + escaped);
            assertEquals(List.of(override), got.headers().allValues(name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-type", "cache-control"})
    void anOverrideWithAControlCharacterIsRefused(String name) throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "x", Map.of());
        RawSocket.Answer got =
                raw("GET", k + "?response-" + name + "=text%2Fhtml%0D%0ASet-Cookie%3A%20x%3D1", Map.of());
        assertEquals(400, got.status(), got.head());
        assertTrue(got.body().contains("<Code>InvalidArgument</Code>"), got.body());
        assertFalse(got.hasHeader("set-cookie"), got.head());
    }

    /** U+010D and U+010A have the low bytes of CR and LF. */
    @ParameterizedTest
    @ValueSource(strings = {"content-type", "content-disposition"})
    void aStoredHeaderBeyondLatinOneComesBackAsItsBytes(String name) throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        assertEquals(
                200,
                raw("PUT", k, Map.of(name, "text/a\u010D\u010ASet-Cookie: x=1")).status());
        RawSocket.Answer got = raw("GET", k, Map.of());
        assertFalse(got.hasHeader("set-cookie"), got.head());
        assertTrue(got.hasHeader(name + ": text/a\u00c4\u008d\u00c4\u008aSet-Cookie: x=1\r\n"), got.head());
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-type", "content-disposition"})
    void anOverrideBeyondLatinOneIsWrittenAsUtf8(String name) throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "x", Map.of());
        RawSocket.Answer got = raw("GET", k + "?response-" + name + "=a%2F%C4%8D%C4%8A%E2%82%AC", Map.of());
        assertEquals(200, got.status());
        assertTrue(got.hasHeader(name + ": a/\u00c4\u008d\u00c4\u008a\u00e2\u0082\u00ac\r\n"), got.head());
    }

    @Test
    void notModifiedTellsHowLongToKeepIt() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        String expires = "Thu, 01 Dec 1994 16:00:00 GMT";
        s3.send("PUT", k, "x", Map.of("cache-control", "max-age=5", "expires", expires, "content-language", "en"));
        HttpResponse<String> got = s3.send("GET", k, "", Map.of("if-none-match", "*"));
        assertEquals(304, got.statusCode());
        assertEquals("max-age=5", header(got, "cache-control"));
        assertEquals(expires, header(got, "expires"));
        assertEquals("", header(got, "content-language"));
    }

    @Test
    void aRangeIsTakenOnlyOfTheVersionThatIfRangeNames() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "hello", Map.of());
        HttpResponse<String> whole = s3.send("GET", k);
        Map<String, Integer> expected = new HashMap<>();
        expected.put(header(whole, "etag"), 206);
        expected.put(header(whole, "last-modified"), 206);
        expected.put("W/" + header(whole, "etag"), 200);
        expected.put("\"other\"", 200);
        expected.put("Thu, 01 Dec 1994 16:00:00 GMT", 200);
        expected.put("Thu, 01 Dec 2094 16:00:00 GMT", 200);
        expected.put("neither", 200);
        for (Map.Entry<String, Integer> e : expected.entrySet()) {
            HttpResponse<String> got = s3.send("GET", k, "", Map.of("range", "bytes=1-2", "if-range", e.getKey()));
            assertEquals(e.getValue(), got.statusCode(), e.getKey());
            assertEquals(e.getValue() == 206 ? "el" : "hello", got.body());
        }
        assertEquals(
                200,
                s3.send("GET", k, "", Map.of("range", "bytes=9-", "if-range", "\"other\""))
                        .statusCode());
    }

    private String upload(String k, String... bodies) throws Exception {
        String id = element(s3.send("POST", k + "?uploads").body(), "UploadId");
        StringBuilder list = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 1; i <= bodies.length; i++) {
            String etag =
                    header(s3.send("PUT", k + "?partNumber=" + i + "&uploadId=" + id, bodies[i - 1], Map.of()), "etag");
            list.append("<Part><PartNumber>" + i + "</PartNumber><ETag>" + etag + "</ETag></Part>");
        }
        list.append("</CompleteMultipartUpload>");
        return s3.send("POST", k + "?uploadId=" + id, list.toString(), Map.of()).body();
    }

    @Test
    void aPartWithoutBytesHasNoContentRange() throws Exception {
        String b = "/" + s3.newBucket();
        upload(b + "/empty", "");
        HttpResponse<String> only = s3.send("GET", b + "/empty?partNumber=1");
        assertEquals(200, only.statusCode());
        assertEquals("", header(only, "content-range"));
        assertEquals("1", header(only, "x-amz-mp-parts-count"));
        upload(b + "/last", "x".repeat(5 << 20), "");
        HttpResponse<String> last = s3.send("GET", b + "/last?partNumber=2");
        assertEquals(206, last.statusCode());
        assertEquals("0", header(last, "content-length"));
        assertEquals("", header(last, "content-range"));
    }
}
