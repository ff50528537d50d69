package io.linchpin.http.sigv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The examples of the S3 documentation, and requests that botocore signed. */
class SigV4VectorTest {
    private static final String HOST = "examplebucket.s3.amazonaws.com";
    private static final String CREDENTIAL =
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,";

    private static Authentication verify(String method, String target, String... headers) {
        return TestSigner.verifier()
                .verify(
                        new RequestView(method, RequestTarget.parse(target).orElseThrow(), Headers.of(headers)),
                        TestSigner.store(),
                        TestSigner.NOW);
    }

    private static void assertVerified(PayloadMode mode, Authentication actual) {
        Authentication.Verified verified = assertInstanceOf(Authentication.Verified.class, actual);
        assertEquals(TestSigner.KEY_ID, verified.accessKeyId());
        assertEquals(mode, verified.payload());
        assertEquals(Optional.empty(), verified.chunkSigner());
    }

    @Test
    void getObject() {
        assertVerified(
                new PayloadMode.Sha256Hex(Sha256.EMPTY_HEX),
                verify(
                        "GET",
                        "/test.txt",
                        "Host",
                        HOST,
                        "Authorization",
                        CREDENTIAL + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
                        "Range",
                        "bytes=0-9",
                        "x-amz-content-sha256",
                        Sha256.EMPTY_HEX,
                        "x-amz-date",
                        "20130524T000000Z"));
    }

    @Test
    void putObjectWithAnEscapedKeyAndADateHeaderBesideXAmzDate() {
        String hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
        assertVerified(
                new PayloadMode.Sha256Hex(hash),
                verify(
                        "PUT",
                        "/test%24file.text",
                        "Host",
                        HOST,
                        "Date",
                        "Fri, 24 May 2013 00:00:00 GMT",
                        "Authorization",
                        CREDENTIAL + "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"
                                + "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
                        "x-amz-date",
                        "20130524T000000Z",
                        "x-amz-storage-class",
                        "REDUCED_REDUNDANCY",
                        "x-amz-content-sha256",
                        hash));
    }

    @Test
    void putObjectWithADateHeaderOnly() {
        String hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
        assertVerified(
                new PayloadMode.Sha256Hex(hash),
                verify(
                        "PUT",
                        "/test%24file.text",
                        "Host",
                        HOST,
                        "Date",
                        "Fri, 24 May 2013 00:00:00 -0000",
                        "Authorization",
                        CREDENTIAL + " SignedHeaders=date;host;x-amz-content-sha256;x-amz-storage-class,"
                                + " Signature=537a8c565f27da249b46cd0a32fad1134b73cc392327172d2b3958c4d26c34ca",
                        "x-amz-storage-class",
                        "REDUCED_REDUNDANCY",
                        "x-amz-content-sha256",
                        hash));
    }

    @Test
    void getBucketLifecycle() {
        assertVerified(
                new PayloadMode.Sha256Hex(Sha256.EMPTY_HEX),
                verify(
                        "GET",
                        "/?lifecycle",
                        "Host",
                        HOST,
                        "Authorization",
                        CREDENTIAL + "SignedHeaders=host;x-amz-content-sha256;x-amz-date,"
                                + "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
                        "x-amz-date",
                        "20130524T000000Z",
                        "x-amz-content-sha256",
                        Sha256.EMPTY_HEX));
    }

    @Test
    void listObjects() {
        assertVerified(
                new PayloadMode.Sha256Hex(Sha256.EMPTY_HEX),
                verify(
                        "GET",
                        "/?max-keys=2&prefix=J",
                        "Host",
                        HOST,
                        "Authorization",
                        CREDENTIAL + "SignedHeaders=host;x-amz-content-sha256;x-amz-date,"
                                + "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
                        "x-amz-date",
                        "20130524T000000Z",
                        "x-amz-content-sha256",
                        Sha256.EMPTY_HEX));
    }

    @Test
    void botocorePutPartWithSpacesSlashesAndUnsortedQuery() {
        String hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assertVerified(
                new PayloadMode.Sha256Hex(hash),
                verify(
                        "PUT",
                        "/bucket/a%20b/%C3%BC%2B//x~%28%29?partNumber=1&uploadId=abc&a-b=2&a=1",
                        "Host",
                        "127.0.0.1:9000",
                        "Content-Type",
                        "text/plain",
                        "x-amz-meta-two",
                        "a   b  c",
                        "X-Amz-Date",
                        "20130524T000000Z",
                        "X-Amz-Content-SHA256",
                        hash,
                        "Authorization",
                        CREDENTIAL
                                + " SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-two,"
                                + " Signature=26b0c1f2c5a35418d48f66135fb3836ec3ae377fddaef8056372f57894ab3c41"));
    }

    @Test
    void presignedGet() {
        assertVerified(
                new PayloadMode.Unsigned(),
                verify(
                        "GET",
                        "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2F"
                                + "us-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
                                + "&X-Amz-SignedHeaders=host&X-Amz-Signature="
                                + "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
                        "Host",
                        HOST));
    }

    @Test
    void chunkedUploadStartsTheChainOfSignatures() {
        Authentication actual = verify(
                "PUT",
                "/examplebucket/chunkObject.txt",
                "Host",
                "s3.amazonaws.com",
                "x-amz-date",
                "20130524T000000Z",
                "x-amz-storage-class",
                "REDUCED_REDUNDANCY",
                "Authorization",
                CREDENTIAL
                        + "SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
                        + "x-amz-decoded-content-length;x-amz-storage-class,"
                        + "Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
                "x-amz-content-sha256",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                "Content-Encoding",
                "aws-chunked",
                "x-amz-decoded-content-length",
                "66560",
                "Content-Length",
                "66824");
        Authentication.Verified verified = assertInstanceOf(Authentication.Verified.class, actual);
        assertEquals(new PayloadMode.SignedChunks(false), verified.payload());
        assertEquals(
                "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
                verified.chunkSigner().orElseThrow().seed().hex());
    }

    @Test
    void anEscapedSlashAndAnEscapedTildeSignAsTheirPlainForms() {
        var headers = TestSigner.head();
        RequestView plain = TestSigner.signed("GET", "/b/x/y~z", headers);
        RequestView escaped =
                new RequestView("GET", RequestTarget.parse("/b/x%2fy%7Ez").orElseThrow(), plain.headers());
        assertVerified(
                new PayloadMode.Unsigned(), TestSigner.verifier().verify(escaped, TestSigner.store(), TestSigner.NOW));
    }
}
