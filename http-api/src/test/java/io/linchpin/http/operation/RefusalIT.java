package io.linchpin.http.operation;

import static io.linchpin.http.testing.Xml.assertRefused;
import static io.linchpin.http.testing.Xml.element;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.RawSocket;
import io.linchpin.http.testing.S3;
import io.linchpin.http.testing.S3Server;
import io.linchpin.http.testing.Signer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What S3 refuses, and by which code: one fact each. */
@S3Server
class RefusalIT {
    private static final String PART =
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>%s</ETag>%s</Part>"
                    + "</CompleteMultipartUpload>";

    private final S3 s3;

    RefusalIT(S3 s3) {
        this.s3 = s3;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/?max-buckets=0",
                "/?max-buckets=10001",
                "/{b}?max-keys=2147483648",
                "/{b}?max-keys=-1",
                "/{b}?list-type=2&max-keys=99999999999",
                "/{b}?list-type=3",
                "/{b}?max-uploads=2147483648&uploads",
                "/{b}/k?max-parts=2147483648&uploadId={id}",
                "/{b}/k?part-number-marker=x&uploadId={id}"
            })
    void aLimitOrTypeThatIsNone(String target) throws Exception {
        String b = s3.newBucket();
        String id = element(s3.send("POST", "/" + b + "/k?uploads").body(), "UploadId");
        assertRefused(
                400, "InvalidArgument", s3.send("GET", target.replace("{b}", b).replace("{id}", id)));
    }

    @Test
    void theLargestIntegerIsALimit() throws Exception {
        String b = s3.newBucket();
        String listing = s3.send("GET", "/" + b + "?max-keys=2147483647").body();
        assertEquals("1000", element(listing, "MaxKeys"));
        assertEquals(200, s3.send("GET", "/?max-buckets=10000").statusCode());
    }

    /** No operation of these takes a body, and so would look at its hash. */
    @ParameterizedTest
    @CsvSource({"GET,/{b}", "GET,/{b}/k", "DELETE,/{b}/k", "POST,/{b}/k?uploads=", "PUT,/{b}/k"})
    void theHashOfABodyThatIsNotThere(String method, String target) throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "hello", Map.of());
        String at = target.replace("{b}", b);
        Map<String, String> head = Signer.sign(method, at, s3.host(), Map.of(), "0".repeat(64));
        head.remove("host");
        assertRefused(400, "XAmzContentSHA256Mismatch", s3.sendAsIs(method, at, "", head));
        assertEquals("hello", s3.send("GET", "/" + b + "/k").body());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,uploadId={id}",
        "DELETE,uploadId={id}",
        "PUT,partNumber=1&uploadId={id}",
        "POST,uploadId={id}",
        "GET,uploadId=none"
    })
    void aBucketThatIsNotThereOutweighsTheUpload(String method, String query) throws Exception {
        String target = "/no-such-bucket-of-uploads/k?" + query.replace("{id}", "0".repeat(32));
        assertRefused(404, "NoSuchBucket", s3.send(method, target, PART.formatted("e", ""), Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-tagging-directive,FOO,400,InvalidArgument",
        "x-amz-tagging-directive,REPLACE,200,''",
        "x-amz-metadata-directive,FOO,400,InvalidArgument",
        "x-amz-acl,foo,400,InvalidArgument",
        "x-amz-acl,public-read,501,NotImplemented"
    })
    void aHeaderOfACopyWithAValueThatS3DoesNotKnow(String name, String value, int status, String code)
            throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "hello", Map.of());
        assertRefused(status, code, s3.send("PUT", k + "2", "", Map.of("x-amz-copy-source", k, name, value)));
    }

    @ParameterizedTest
    @CsvSource({"foo,400,InvalidArgument", "ObjectWriter,501,NotImplemented", "BucketOwnerEnforced,200,''"})
    void anOwnershipOfObjects(String value, int status, String code) throws Exception {
        String b = s3.newBucket() + "2";
        assertRefused(status, code, s3.send("PUT", "/" + b, "", Map.of("x-amz-object-ownership", value)));
    }

    @Test
    void aLocationThatIsNone() throws Exception {
        assertRefused(
                400,
                "InvalidLocationConstraint",
                s3.send(
                        "PUT",
                        "/" + s3.newBucket() + "2",
                        "<CreateBucketConfiguration><LocationConstraint>nowhere</LocationConstraint>"
                                + "</CreateBucketConfiguration>",
                        Map.of()));
    }

    /** Nothing is locked here, so there is nothing that it could get past. */
    @Test
    void toBypassALockIsNoMatter() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "hello", Map.of());
        assertEquals(
                204,
                s3.send("DELETE", k, "", Map.of("x-amz-bypass-governance-retention", "true"))
                        .statusCode());
    }

    @Test
    void aCompositeChecksumNeedsThatOfEachPart() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        Map<String, String> crc32 = Map.of("x-amz-checksum-algorithm", "CRC32");
        String id = element(s3.send("POST", k + "?uploads", "", crc32).body(), "UploadId");
        Map<String, String> sum = Map.of("x-amz-checksum-crc32", "NhCmhg==");
        String etag = s3.send("PUT", k + "?partNumber=1&uploadId=" + id, "hello", sum)
                .headers()
                .firstValue("etag")
                .orElseThrow();
        HttpResponse<String> bare = s3.send("POST", k + "?uploadId=" + id, PART.formatted(etag, ""), Map.of());
        assertRefused(400, "InvalidRequest", bare);
        assertTrue(bare.body().contains("crc32 checksum"), bare.body());
        String whole = PART.formatted(etag, "<ChecksumCRC32>NhCmhg==</ChecksumCRC32>");
        assertEquals(
                200, s3.send("POST", k + "?uploadId=" + id, whole, Map.of()).statusCode());
        // Once completed it is not there, and a repeated completion is answered as the first.
        assertEquals(
                200, s3.send("POST", k + "?uploadId=" + id, whole, Map.of()).statusCode());
    }

    @Test
    void aChecksumOfTheObjectThatItsPartsCannotMake() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        String id = element(
                s3.send("POST", k + "?uploads", "", Map.of("x-amz-checksum-algorithm", "SHA1"))
                        .body(),
                "UploadId");
        Map<String, String> sum = Map.of("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00=");
        String etag = s3.send("PUT", k + "?partNumber=1&uploadId=" + id, "hello", sum)
                .headers()
                .firstValue("etag")
                .orElseThrow();
        String list = PART.formatted(etag, "<ChecksumSHA1>qvTGHdzF6KLavt4PO0gs2a6pQ00=</ChecksumSHA1>");
        Map<String, String> other = Map.of("x-amz-checksum-crc32", "NhCmhg==");
        assertRefused(400, "BadDigest", s3.send("POST", k + "?uploadId=" + id, list, other));
        Map<String, String> size = Map.of("x-amz-mp-object-size", "-5");
        assertRefused(400, "InvalidArgument", s3.send("POST", k + "?uploadId=" + id, list, size));
        assertEquals(200, s3.send("POST", k + "?uploadId=" + id, list, Map.of()).statusCode());
    }

    /** What is not there with a sub-resource must not be done without it. */
    @ParameterizedTest
    @CsvSource({
        "DELETE,/{b}?location",
        "DELETE,/{b}?uploads",
        "DELETE,/{b}?delete",
        "DELETE,/{b}?uploadId={id}",
        "DELETE,/{b}?partNumber=1",
        "PUT,/{b}?location",
        "GET,/{b}?delete",
        "HEAD,/{b}?uploads",
        "GET,/?uploads",
        "GET,/{b}/k?uploads",
        "GET,/{b}/k?location",
        "PUT,/{b}/k?uploads",
        "PUT,/{b}/k?delete",
        "DELETE,/{b}/k?uploads",
        "DELETE,/{b}/k?delete=",
        "DELETE,/{b}/k?partNumber=1",
        "DELETE,/{b}/k?partNumber=1&uploadId={id}",
        "HEAD,/{b}/k?uploadId={id}",
        "POST,/{b}/k?delete",
        "POST,/{b}?location",
        "POST,/{b}?uploads"
    })
    void aMethodThatItsSubResourceDoesNotHave(String method, String target) throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/gone", "", Map.of());
        String id = element(s3.send("POST", "/" + b + "/k?uploads").body(), "UploadId");
        s3.send("DELETE", "/" + b + "/gone");
        HttpResponse<String> refused = s3.send(method, target.replace("{b}", b).replace("{id}", id));
        assertEquals(405, refused.statusCode(), refused.body());
        assertEquals(200, s3.send("GET", "/" + b + "/k?uploadId=" + id).statusCode());
    }

    @Test
    void aCompletionThatListsNothing() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        String id = element(s3.send("POST", k + "?uploads").body(), "UploadId");
        HttpResponse<String> empty = s3.send("POST", k + "?uploadId=" + id);
        assertRefused(400, "InvalidRequest", empty);
        assertEquals("You must specify at least one part", element(empty.body(), "Message"));
        assertRefused(
                400, "MalformedXML", s3.send("POST", k + "?uploadId=" + id, "<CompleteMultipartUpload/>", Map.of()));
    }

    /** S3 answers 411 to a head that announces nothing at all, and names the header where it is chunks. */
    @ParameterizedTest
    @CsvSource({"/{b}/k,true,501", "/{b}/k?partNumber=1&uploadId={id},true,501", "/{b}/k,false,411"})
    void aBodyOfUnknownLength(String target, boolean chunked, int status) throws Exception {
        String b = s3.newBucket();
        String id = element(s3.send("POST", "/" + b + "/k?uploads").body(), "UploadId");
        String there = target.replace("{b}", b).replace("{id}", id);
        Map<String, String> head = Signer.sign("PUT", there, s3.host(), Map.of(), "UNSIGNED-PAYLOAD");
        if (chunked) {
            head.put("transfer-encoding", "chunked");
        }
        try (RawSocket socket = new RawSocket(URI.create("http://" + s3.host()).getPort())) {
            RawSocket.Answer refused = socket.head("PUT", there, head)
                    .send(chunked ? "3\r\nabc\r\n0\r\n\r\n" : "")
                    .answer();
            assertEquals(status, refused.status(), refused.body());
            assertEquals(chunked ? "NotImplemented" : "MissingContentLength", element(refused.body(), "Code"));
            assertEquals(chunked ? "Transfer-Encoding" : "", element(refused.body(), "Header"));
        }
    }

    /** Its signature is a field of the form, so the request has none. */
    @ParameterizedTest
    @CsvSource({
        "POST,/{b},multipart/form-data; boundary=b,501,NotImplemented",
        "POST,/{b}/,Multipart/Form-Data; boundary=b,501,NotImplemented",
        "POST,/{b},application/xml,403,AccessDenied",
        "POST,/{b}/k,multipart/form-data; boundary=b,403,AccessDenied",
        "PUT,/{b},multipart/form-data; boundary=b,403,AccessDenied"
    })
    void anUploadByForm(String method, String target, String type, int status, String code) throws Exception {
        String b = s3.newBucket();
        String form = "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--b--\r\n";
        assertRefused(status, code, s3.sendAsIs(method, target.replace("{b}", b), form, Map.of("content-type", type)));
    }

    @ParameterizedTest
    @CsvSource({
        "if-match,'\"e\"',404",
        "if-match,*,404",
        "x-amz-if-match-size,3,204",
        "x-amz-if-match-last-modified-time,'Thu, 01 Jan 2015 00:00:00 GMT',204"
    })
    void aConditionalDeleteOfNothing(String header, String value, int status) throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        assertRefused(status, status == 404 ? "NoSuchKey" : "", s3.send("DELETE", k, "", Map.of(header, value)));
    }

    @Test
    void aConditionalDeleteOfNothingAmongOthers() throws Exception {
        String b = s3.newBucket();
        String list = "<Delete><Object><Key>a</Key><ETag>*</ETag></Object><Object><Key>b</Key><ETag>e</ETag></Object>"
                + "<Object><Key>c</Key><Size>3</Size></Object><Object><Key>d</Key></Object></Delete>";
        byte[] md5 = MessageDigest.getInstance("MD5").digest(list.getBytes(StandardCharsets.UTF_8));
        String told = s3.send(
                        "POST",
                        "/" + b + "?delete",
                        list,
                        Map.of("content-md5", Base64.getEncoder().encodeToString(md5)))
                .body();
        for (String key : new String[] {"a", "b"}) {
            assertTrue(told.contains("<Error><Key>" + key + "</Key><Code>NoSuchKey</Code>"), told);
        }
        for (String key : new String[] {"c", "d"}) {
            assertTrue(told.contains("<Deleted><Key>" + key + "</Key></Deleted>"), told);
        }
    }

    @Test
    void aTypeThatIsNotSignedNamesTheSetting() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        String hash = Signer.sha256("1".getBytes(StandardCharsets.UTF_8));
        Map<String, String> head = Signer.sign("PUT", k, s3.host(), Map.of(), hash);
        head.remove("host");
        head.put("content-type", "text/plain");
        HttpResponse<String> refused = s3.sendAsIs("PUT", k, "1", head);
        assertRefused(403, "AccessDenied", refused);
        assertTrue(element(refused.body(), "Message").contains("linchpin.http.content-type-signed"), refused.body());
    }
}
