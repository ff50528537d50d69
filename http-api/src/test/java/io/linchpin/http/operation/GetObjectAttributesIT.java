package io.linchpin.http.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.S3;
import io.linchpin.http.testing.S3Server;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GetObjectAttributes, against a real node. */
@S3Server
class GetObjectAttributesIT {
    private static final String ALL = "ETag,Checksum,ObjectParts,StorageClass,ObjectSize";
    private static final String HELLO_MD5 = "5d41402abc4b2a76b9719d911017c592";
    private static final int LEAST_PART = 5 << 20;

    private final S3 s3;

    GetObjectAttributesIT(S3 s3) {
        this.s3 = s3;
    }

    private HttpResponse<String> attributes(String path, String names) throws Exception {
        return attributes(path, names, Map.of());
    }

    private HttpResponse<String> attributes(String path, String names, Map<String, String> more) throws Exception {
        Map<String, String> headers = new java.util.HashMap<>(more);
        headers.put("x-amz-object-attributes", names);
        return s3.send("GET", path + "?attributes", "", headers);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static List<String> elements(String xml, String name) {
        List<String> found = new ArrayList<>();
        Matcher m = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(xml);
        while (m.find()) {
            found.add(m.group(1));
        }
        return found;
    }

    private static String element(String xml, String name) {
        return String.join("|", elements(xml, name));
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Uploads the bodies as parts of those numbers, in parts of that algorithm and type. */
    private void upload(String path, Map<String, String> begin, int[] numbers, String... bodies) throws Exception {
        String id = element(s3.send("POST", path + "?uploads", "", begin).body(), "UploadId");
        StringBuilder list = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 0; i < bodies.length; i++) {
            Map<String, String> sum = "SHA256".equals(begin.get("x-amz-checksum-algorithm"))
                    ? Map.of("x-amz-checksum-sha256", base64(sha256(bodies[i].getBytes(StandardCharsets.UTF_8))))
                    : Map.of();
            String target = path + "?partNumber=" + numbers[i] + "&uploadId=" + id;
            String etag = header(s3.send("PUT", target, bodies[i], sum), "etag");
            list.append("<Part><PartNumber>" + numbers[i] + "</PartNumber><ETag>" + etag + "</ETag>");
            sum.values().forEach(s -> list.append("<ChecksumSHA256>" + s + "</ChecksumSHA256>"));
            list.append("</Part>");
        }
        list.append("</CompleteMultipartUpload>");
        HttpResponse<String> done = s3.send("POST", path + "?uploadId=" + id, list.toString(), Map.of());
        assertTrue(done.body().contains("<CompleteMultipartUploadResult"), done.body());
    }

    @Test
    void whatIsAskedForIsGivenAndNothingElse() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "hello", Map.of("x-amz-checksum-crc32", "NhCmhg=="));
        HttpResponse<String> all = attributes("/" + b + "/k", ALL);
        assertEquals(200, all.statusCode());
        assertEquals("application/xml", header(all, "content-type"));
        assertTrue(
                all.body()
                        .endsWith("<ETag>" + HELLO_MD5 + "</ETag><Checksum><ChecksumCRC32>NhCmhg==</ChecksumCRC32>"
                                + "<ChecksumType>FULL_OBJECT</ChecksumType></Checksum><StorageClass>STANDARD</StorageClass>"
                                + "<ObjectSize>5</ObjectSize></GetObjectAttributesResponse>"),
                all.body());
        assertEquals(header(s3.send("HEAD", "/" + b + "/k"), "last-modified"), header(all, "last-modified"));
        String size = attributes("/" + b + "/k", " ObjectSize ,").body();
        assertTrue(size.contains("<ObjectSize>5</ObjectSize>"), size);
        assertFalse(size.contains("<ETag>") || size.contains("Checksum") || size.contains("StorageClass"), size);
    }

    @Test
    void aFileMadeByHandHasNoChecksum() throws Exception {
        String b = s3.newBucket();
        Files.writeString(s3.root().resolve(b).resolve("by-hand"), "mine");
        String xml = attributes("/" + b + "/by-hand", ALL).body();
        assertEquals("4", element(xml, "ObjectSize"));
        assertFalse(xml.contains("Checksum"), xml);
        assertFalse(xml.contains("ObjectParts"), xml);
    }

    @Test
    void partsOfACompositeChecksumAreListedByPages() throws Exception {
        String b = s3.newBucket();
        String large = "x".repeat(LEAST_PART);
        String[] bodies = {large, "y".repeat(LEAST_PART), "end"};
        int[] numbers = {2, 5, 9};
        upload("/" + b + "/k", Map.of("x-amz-checksum-algorithm", "SHA256"), numbers, bodies);
        ByteArrayOutputStream sums = new ByteArrayOutputStream();
        List<String> ofParts = new ArrayList<>();
        for (String body : bodies) {
            byte[] sum = sha256(body.getBytes(StandardCharsets.UTF_8));
            sums.write(sum);
            ofParts.add(base64(sum));
        }
        String composite = base64(sha256(sums.toByteArray()));

        String xml = attributes("/" + b + "/k", ALL).body();
        assertTrue(
                xml.contains("<Checksum><ChecksumSHA256>" + composite
                        + "</ChecksumSHA256><ChecksumType>COMPOSITE</ChecksumType></Checksum>"),
                "without the number of parts at its end: " + xml);
        assertEquals("3", element(xml, "PartsCount"));
        assertEquals(List.of("2", "5", "9"), elements(xml, "PartNumber"));
        assertEquals(List.of("" + LEAST_PART, "" + LEAST_PART, "3"), elements(xml, "Size"));
        assertEquals(ofParts, elements(xml.substring(xml.indexOf("<Part>")), "ChecksumSHA256"));
        assertEquals("0/9/1000/false", page(xml));

        String second = attributes(
                        "/" + b + "/k", "ObjectParts", Map.of("x-amz-max-parts", "1", "x-amz-part-number-marker", "2"))
                .body();
        assertEquals(List.of("5"), elements(second, "PartNumber"));
        assertEquals("2/5/1/true", page(second));
        String last = attributes(
                        "/" + b + "/k",
                        "ObjectParts",
                        Map.of("x-amz-max-parts", "9999", "x-amz-part-number-marker", "5"))
                .body();
        assertEquals(List.of("9"), elements(last, "PartNumber"));
        assertEquals("5/9/1000/false", page(last));
        String none = attributes("/" + b + "/k", "ObjectParts", Map.of("x-amz-part-number-marker", "9"))
                .body();
        assertEquals(List.of(), elements(none, "PartNumber"));
        assertEquals("9/0/1000/false", page(none));
        assertEquals("3", element(none, "PartsCount"));
    }

    private static String page(String xml) {
        return String.join(
                "/",
                element(xml, "PartNumberMarker"),
                element(xml, "NextPartNumberMarker"),
                element(xml, "MaxParts"),
                element(xml, "IsTruncated"));
    }

    @Test
    void ofOtherObjectsInPartsTheNumberOfPartsIsAllThatIsTold() throws Exception {
        String b = s3.newBucket();
        upload("/" + b + "/k", Map.of(), new int[] {1, 2}, "x".repeat(LEAST_PART), "end");
        HttpResponse<String> got = attributes("/" + b + "/k", ALL);
        assertTrue(got.body().contains("<ObjectParts><PartsCount>2</PartsCount></ObjectParts>"), got.body());
        assertTrue(element(got.body(), "ETag").endsWith("-2"), got.body());
    }

    @Test
    void attributesMustBeNamedAndKnown() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "hello", Map.of());
        HttpResponse<String> missing = s3.send("GET", "/" + b + "/k?attributes");
        assertEquals(400, missing.statusCode());
        assertEquals("InvalidRequest", element(missing.body(), "Code"));
        assertEquals("InvalidRequest", element(attributes("/" + b + "/k", ",").body(), "Code"));
        HttpResponse<String> unknown = attributes("/" + b + "/k", "ETag,Owner");
        assertEquals(400, unknown.statusCode());
        assertEquals("InvalidArgument", element(unknown.body(), "Code"));
        assertEquals("Owner", element(unknown.body(), "ArgumentValue"));
        assertEquals(
                "InvalidArgument", element(attributes("/" + b + "/k", "etag").body(), "Code"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-max-parts", "x-amz-part-number-marker"})
    void aLimitMustBeANumber(String header) throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "hello", Map.of());
        HttpResponse<String> refused = attributes("/" + b + "/k", ALL, Map.of(header, "-1"));
        assertEquals(400, refused.statusCode());
        assertEquals("InvalidArgument", element(refused.body(), "Code"));
        assertEquals(header, element(refused.body(), "ArgumentName"));
    }

    @Test
    void conditionsHoldAsOfAGet() throws Exception {
        String b = s3.newBucket();
        s3.send("PUT", "/" + b + "/k", "hello", Map.of());
        String tag = "\"" + HELLO_MD5 + "\"";
        assertEquals(
                412,
                attributes("/" + b + "/k", ALL, Map.of("if-match", "\"other\"")).statusCode());
        assertEquals(
                200, attributes("/" + b + "/k", ALL, Map.of("if-match", tag)).statusCode());
        HttpResponse<String> unchanged = attributes("/" + b + "/k", ALL, Map.of("if-none-match", tag));
        assertEquals(304, unchanged.statusCode());
        assertEquals(tag, header(unchanged, "etag"));
        assertEquals("", unchanged.body());
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        String b = s3.newBucket();
        assertEquals("NoSuchKey", element(attributes("/" + b + "/none", ALL).body(), "Code"));
        assertEquals(
                "NoSuchBucket", element(attributes("/no-such-bucket/k", ALL).body(), "Code"));
    }

    @Test
    void attributesAreOfObjectsAndReadOnly() throws Exception {
        String b = s3.newBucket();
        assertEquals(405, s3.send("GET", "/" + b + "?attributes").statusCode());
        assertEquals(
                405, s3.send("PUT", "/" + b + "/k?attributes", "1", Map.of()).statusCode());
        assertEquals(405, s3.send("DELETE", "/" + b + "/k?attributes").statusCode());
        assertEquals(404, s3.send("GET", "/" + b + "/k").statusCode());
    }
}
