package io.linchpin.http.operation;

import static io.linchpin.http.testing.Xml.assertRefused;
import static io.linchpin.http.testing.Xml.element;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.S3;
import io.linchpin.http.testing.S3Server;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Buckets and their uploads, one fact on the wire each. */
@S3Server
class BucketOperationsIT {
    private final S3 s3;

    BucketOperationsIT(S3 s3) {
        this.s3 = s3;
    }

    private String begin(String k, Map<String, String> headers) throws Exception {
        return element(s3.send("POST", k + "?uploads", "", headers).body(), "UploadId");
    }

    @Test
    void versioningIsNeverEnabled() throws Exception {
        String b = "/" + s3.newBucket();
        HttpResponse<String> got = s3.send("GET", b + "?versioning");
        assertEquals(200, got.statusCode());
        assertTrue(got.body().contains("<VersioningConfiguration"), got.body());
        assertTrue(!got.body().contains("<Status>"), got.body());
        String enable = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        assertEquals(501, s3.send("PUT", b + "?versioning", enable, Map.of()).statusCode());
        assertEquals(501, s3.send("GET", b + "/k?versioning").statusCode());
        assertEquals(501, s3.send("GET", "/?versioning").statusCode());
        assertEquals(404, s3.send("GET", b + "-not-there?versioning").statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/?max-buckets=",
                "/?bucket-region=",
                "/{b}?max-keys=",
                "/{b}?uploads&max-uploads=",
                "/{b}?uploads&max-uploads",
                "/{b}/k?uploadId={id}&max-parts=",
                "/{b}/k?uploadId={id}&part-number-marker="
            })
    void anEmptyParameterOfAListingCountsAsAbsent(String target) throws Exception {
        String b = s3.newBucket();
        String id = begin("/" + b + "/k", Map.of());
        HttpResponse<String> got = s3.send("GET", target.replace("{b}", b).replace("{id}", id));
        assertEquals(200, got.statusCode(), got.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xn--name",
                "sthree-name",
                "amzn-s3-demo-name",
                "name-s3alias",
                "name--ol-s3",
                "name.mrap",
                "name--x-s3",
                "name--table-s3",
                "na-.me",
                "na.-me"
            })
    void aReservedNameIsNotGivenToANewBucketButReadWhereItIsThere(String name) throws Exception {
        assertRefused(400, "InvalidBucketName", s3.send("PUT", "/" + name));
        assertRefused(404, "NoSuchBucket", s3.send("GET", "/" + name));
        Files.createDirectory(s3.root().resolve(name));
        assertEquals(200, s3.send("PUT", "/" + name + "/k", "1", Map.of()).statusCode());
        assertEquals(204, s3.send("DELETE", "/" + name + "/k").statusCode());
        assertEquals(204, s3.send("DELETE", "/" + name).statusCode());
    }

    @Test
    void anEmptyPartNumberIsWrong() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "1", Map.of());
        HttpResponse<String> refused = s3.send("GET", k + "?partNumber=");
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains("<Code>InvalidArgument</Code>"), refused.body());
    }

    @Test
    void aPageOfNoneIsTheLast() throws Exception {
        String b = "/" + s3.newBucket();
        String id = begin(b + "/k", Map.of());
        s3.send("PUT", b + "/k?partNumber=1&uploadId=" + id, "1", Map.of());
        s3.send("PUT", b + "/k", "1", Map.of());
        String parts = s3.send("GET", b + "/k?max-parts=0&uploadId=" + id).body();
        assertEquals("0", element(parts, "MaxParts"));
        assertEquals("false", element(parts, "IsTruncated"));
        assertTrue(!parts.contains("<Part>"), parts);
        String uploads = s3.send("GET", b + "?max-uploads=0&uploads").body();
        assertEquals("0", element(uploads, "MaxUploads"));
        assertEquals("false", element(uploads, "IsTruncated"));
        assertTrue(!uploads.contains("<Upload>"), uploads);
        String keys = s3.send("GET", b + "?max-keys=0").body();
        assertEquals("0", element(keys, "MaxKeys"));
        assertEquals("false", element(keys, "IsTruncated"));
        assertEquals(
                404,
                s3.send(
                                "GET",
                                b + "/k?max-parts=0&uploadId="
                                        + id.replace(id.charAt(0), id.charAt(0) == '1' ? '2' : '1'))
                        .statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32,FULL_OBJECT,COMPOSITE,400",
        "CRC32,COMPOSITE,FULL_OBJECT,400",
        "CRC32,FULL_OBJECT,FULL_OBJECT,200",
        "CRC32,COMPOSITE,COMPOSITE,200",
        "CRC32,COMPOSITE,neither,400",
        ",,COMPOSITE,400",
        ",,FULL_OBJECT,200"
    })
    void anUploadIsCompletedAsTheTypeItWasBegunAs(String algorithm, String type, String named, int status)
            throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        String id = begin(
                k,
                algorithm == null
                        ? Map.of()
                        : Map.of("x-amz-checksum-algorithm", algorithm, "x-amz-checksum-type", type));
        String etag = s3.send(
                        "PUT", k + "?partNumber=1&uploadId=" + id, "hello", Map.of("x-amz-checksum-crc32", "NhCmhg=="))
                .headers()
                .firstValue("etag")
                .orElse("");
        String list = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                + "</ETag><ChecksumCRC32>NhCmhg==</ChecksumCRC32></Part></CompleteMultipartUpload>";
        HttpResponse<String> done = s3.send("POST", k + "?uploadId=" + id, list, Map.of("x-amz-checksum-type", named));
        assertEquals(status, done.statusCode(), done.body());
        assertEquals(status == 200 ? "" : "InvalidRequest", element(done.body(), "Code"));
        assertEquals(status == 200 ? 200 : 404, s3.send("HEAD", k).statusCode());
    }
}
