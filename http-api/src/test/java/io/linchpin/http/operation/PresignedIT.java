package io.linchpin.http.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.S3;
import io.linchpin.http.testing.S3Server;
import io.linchpin.http.testing.Signer;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uploads by presigned URLs, as browsers and the presigner of JavaScript make them. */
@S3Server
class PresignedIT {
    private final S3 s3;

    PresignedIT(S3 s3) {
        this.s3 = s3;
    }

    private HttpResponse<String> put(String path, Map<String, String> headers, String... more) throws Exception {
        return s3.sendAsIs("PUT", Signer.presign("PUT", path, s3.host(), more), "hello", headers);
    }

    @Test
    void metadataInTheQueryIsKept() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        assertEquals(
                200,
                put(k, Map.of(), "x-amz-meta-a=b%20c", "x-amz-acl=private", "x-amz-checksum-crc32=NhCmhg%3D%3D")
                        .statusCode());
        HttpResponse<String> got = s3.send("GET", k, "", Map.of("x-amz-checksum-mode", "ENABLED"));
        assertEquals("b c", got.headers().firstValue("x-amz-meta-a").orElse(""));
        assertEquals(
                "NhCmhg==", got.headers().firstValue("x-amz-checksum-crc32").orElse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-acl=public-read,501,NotImplemented",
        "x-amz-tagging=a%3Db,501,NotImplemented",
        "x-amz-storage-class=GLACIER,400,InvalidStorageClass",
        "x-amz-server-side-encryption=AES256,501,NotImplemented",
        "x-amz-checksum-crc32=NhCmhw%3D%3D,400,BadDigest"
    })
    void whatIsRefusedAsAHeaderIsRefusedInTheQuery(String parameter, int status, String code) throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        HttpResponse<String> refused = put(k, Map.of(), parameter);
        assertEquals(status, refused.statusCode());
        assertTrue(refused.body().contains("<Code>" + code + "</Code>"), refused.body());
        assertEquals(404, s3.send("GET", k).statusCode());
    }

    /** Of an empty body, which is all that its presigner knew. */
    @Test
    void theUrlThatJavaScriptMakesByItselfTakesABody() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        HttpResponse<String> done = put(
                k,
                Map.of(),
                "x-amz-checksum-crc32=AAAAAA%3D%3D",
                "x-amz-sdk-checksum-algorithm=CRC32",
                "x-id=PutObject");
        assertEquals(200, done.statusCode(), done.body());
        assertEquals("hello", s3.send("GET", k).body());
    }

    @Test
    void anUnsignedTypeIsRefused() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        assertEquals(403, put(k, Map.of("content-type", "text/html")).statusCode());
    }

    @Test
    void anUnsignedHeaderOfS3IsStillRefused() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        assertEquals(403, put(k, Map.of("x-amz-meta-a", "1")).statusCode());
    }
}
