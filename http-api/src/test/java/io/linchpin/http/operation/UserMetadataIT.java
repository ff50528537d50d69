package io.linchpin.http.operation;

import static io.linchpin.http.testing.Xml.element;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.http.testing.RawSocket;
import io.linchpin.http.testing.S3;
import io.linchpin.http.testing.S3Server;
import io.linchpin.http.testing.Signer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** User metadata beyond ASCII, on every way into the store. */
@S3Server
class UserMetadataIT {
    private static final String META = "x-amz-meta-who";
    private static final String ENCODED = "=?UTF-8?Q?J=C3=BCrgen?=";

    private final S3 s3;

    UserMetadataIT(S3 s3) {
        this.s3 = s3;
    }

    /** Sends a header's bytes as no client library of ours would: signed as UTF-8, written in a charset of its own. */
    private RawSocket.Answer raw(String method, String target, Map<String, String> headers, Charset charset)
            throws Exception {
        Map<String, String> signed = Signer.sign(method, target, s3.host(), headers, Signer.sha256(new byte[0]));
        signed.computeIfPresent(META, (name, v) -> new String(v.getBytes(charset), StandardCharsets.ISO_8859_1));
        signed.put("content-length", "0");
        try (RawSocket socket =
                new RawSocket(Integer.parseInt(s3.host().substring(s3.host().indexOf(':') + 1)))) {
            return socket.head(method, target, signed).answer();
        }
    }

    private String who(String path) throws Exception {
        return s3.send("HEAD", path).headers().firstValue(META).orElse("");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8", "ISO-8859-1"})
    void bytesBeyondAsciiComeBackAsAnEncodedWord(String charset) throws Exception {
        String path = "/" + s3.newBucket() + "/k";
        assertEquals(
                200,
                raw("PUT", path, Map.of(META, "Jürgen"), Charset.forName(charset))
                        .status());
        assertEquals(ENCODED, who(path));
    }

    @ParameterizedTest
    @CsvSource({
        "=?utf-8?b?SsO8cmdlbg==?=,=?UTF-8?Q?J=C3=BCrgen?=",
        "=?ISO-8859-1?Q?J=FCrgen?=,=?UTF-8?Q?J=C3=BCrgen?=",
        "=?UTF-8?Q?Anna?=,Anna",
        "=?UTF-8?Q?,=?UTF-8?Q?"
    })
    void anEncodedWordIsKeptAsItsText(String sent, String back) throws Exception {
        String path = "/" + s3.newBucket() + "/k";
        s3.send("PUT", path, "1", Map.of(META, sent));
        assertEquals(back, who(path));
    }

    @Test
    void anUploadInPartsKeepsThem() throws Exception {
        String path = "/" + s3.newBucket() + "/k";
        String id = element(
                raw("POST", path + "?uploads", Map.of(META, "Jürgen"), StandardCharsets.UTF_8)
                        .body(),
                "UploadId");
        String etag = s3.send("PUT", path + "?partNumber=1&uploadId=" + id, "hello", Map.of())
                .headers()
                .firstValue("etag")
                .orElseThrow();
        s3.send(
                "POST",
                path + "?uploadId=" + id,
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                        + "</ETag></Part></CompleteMultipartUpload>",
                Map.of());
        assertEquals(ENCODED, who(path));
    }

    @Test
    void aCopyKeepsThemOrTakesOthers() throws Exception {
        String b = "/" + s3.newBucket();
        s3.send("PUT", b + "/from", "1", Map.of(META, ENCODED));
        s3.send("PUT", b + "/kept", "", Map.of("x-amz-copy-source", b + "/from"));
        assertEquals(ENCODED, who(b + "/kept"));
        Map<String, String> replace =
                Map.of("x-amz-copy-source", b + "/from", "x-amz-metadata-directive", "REPLACE", META, "Ænna");
        assertEquals(200, raw("PUT", b + "/to", replace, StandardCharsets.UTF_8).status());
        assertEquals("=?UTF-8?Q?=C3=86nna?=", who(b + "/to"));
    }

    @Test
    void theLimitIsOnTheText() throws Exception {
        String path = "/" + s3.newBucket() + "/k";
        String longest = "e".repeat(2048 - 3);
        assertEquals(
                200,
                s3.send("PUT", path, "1", Map.of(META, "=?UTF-8?Q?" + longest + "?="))
                        .statusCode());
        assertEquals(longest, who(path));
    }
}
