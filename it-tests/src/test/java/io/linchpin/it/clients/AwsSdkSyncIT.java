package io.linchpin.it.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.ClusterTest;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The AWS SDK for Java, blocking, with the checksums and chunked signatures that it sends by default. */
@ClusterTest
class AwsSdkSyncIT {
    private static S3Client s3;
    private static S3Presigner presigner;
    private static Cluster cluster;
    private String bucket = "";

    @BeforeAll
    static void open(Cluster one) {
        cluster = one;
        s3 = AwsSdk.sync(one);
        presigner = AwsSdk.presigner(one);
    }

    @AfterAll
    static void close() {
        s3.close();
        presigner.close();
    }

    @BeforeEach
    void freshBucket() {
        bucket = cluster.newBucket();
    }

    private PutObjectResponse put(String key, String text) {
        return s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    private String get(String key) {
        return s3.getObjectAsBytes(b -> b.bucket(bucket).key(key)).asUtf8String();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 65_536, 65_537, 1 << 20, 9 << 20})
    void whatIsPutIsGot(int size) {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        PutObjectResponse put = s3.putObject(
                b -> b.bucket(bucket)
                        .key("a/key")
                        .contentType("image/x-test")
                        .cacheControl("max-age=7")
                        .metadata(Map.of("upload", "one", "empty", "")),
                RequestBody.fromBytes(body));
        ResponseBytes<GetObjectResponse> got =
                s3.getObjectAsBytes(b -> b.bucket(bucket).key("a/key").checksumMode(ChecksumMode.ENABLED));
        assertArrayEquals(body, got.asByteArrayUnsafe());
        assertEquals(put.eTag(), got.response().eTag());
        assertEquals("image/x-test", got.response().contentType());
        assertEquals("max-age=7", got.response().cacheControl());
        assertEquals("one", got.response().metadata().get("upload"));
        HeadObjectResponse head = s3.headObject(b -> b.bucket(bucket).key("a/key"));
        assertEquals(size, head.contentLength());
        assertEquals(put.eTag(), head.eTag());
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "SHA1", "SHA256"})
    void checksumsAreKeptAndTold(ChecksumAlgorithm algorithm) {
        s3.putObject(
                b -> b.bucket(bucket).key("sum").checksumAlgorithm(algorithm),
                RequestBody.fromString("hello linchpin"));
        HeadObjectResponse head = s3.headObject(b -> b.bucket(bucket).key("sum").checksumMode(ChecksumMode.ENABLED));
        String told = switch (algorithm) {
            case CRC32 -> head.checksumCRC32();
            case SHA1 -> head.checksumSHA1();
            default -> head.checksumSHA256();
        };
        assertFalse(told == null || told.isEmpty(), head.toString());
    }

    @Test
    void rangesOfAnObject() {
        put("r", "0123456789");
        assertEquals("234", range("bytes=2-4"));
        assertEquals("789", range("bytes=-3"));
        assertEquals("56789", range("bytes=5-"));
        assertEquals("89", range("bytes=8-100"));
        S3Exception outside = assertThrows(S3Exception.class, () -> range("bytes=10-"));
        assertEquals(416, outside.statusCode());
        assertEquals("InvalidRange", outside.awsErrorDetails().errorCode());
    }

    private String range(String range) {
        return s3.getObjectAsBytes(b -> b.bucket(bucket).key("r").range(range)).asUtf8String();
    }

    @Test
    void listingsInPagesAndFolders() {
        for (int i = 0; i < 25; i++) {
            put(String.format("dir/%02d", i), "x");
        }
        put("dir/sub/deep", "x");
        put("top", "x");
        List<String> keys = new ArrayList<>();
        s3.listObjectsV2Paginator(b -> b.bucket(bucket).maxKeys(7)).contents().forEach(o -> keys.add(o.key()));
        assertEquals(27, keys.size());
        assertEquals(keys.stream().sorted().toList(), keys);
        ListObjectsV2Response top = s3.listObjectsV2(b -> b.bucket(bucket).delimiter("/"));
        assertEquals("dir/", top.commonPrefixes().getFirst().prefix());
        assertEquals("top", top.contents().getFirst().key());
        ListObjectsV2Response after =
                s3.listObjectsV2(b -> b.bucket(bucket).prefix("dir/").startAfter("dir/20"));
        assertEquals("dir/21", after.contents().getFirst().key());
        assertEquals(
                List.of("dir/00", "dir/01"),
                s3.listObjects(b -> b.bucket(bucket).maxKeys(2)).contents().stream()
                        .map(o -> o.key())
                        .toList());
        assertTrue(s3.listBuckets().buckets().stream().anyMatch(b -> b.name().equals(bucket)));
    }

    @Test
    void copiesKeepOrReplaceMetadata() {
        s3.putObject(
                b -> b.bucket(bucket).key("from ü+%").metadata(Map.of("m", "old")), RequestBody.fromString("body"));
        s3.copyObject(b -> b.sourceBucket(bucket)
                .sourceKey("from ü+%")
                .destinationBucket(bucket)
                .destinationKey("kept"));
        s3.copyObject(b -> b.sourceBucket(bucket)
                .sourceKey("from ü+%")
                .destinationBucket(bucket)
                .destinationKey("replaced")
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(Map.of("m", "new")));
        assertEquals("body", get("kept"));
        assertEquals(
                "old",
                s3.headObject(b -> b.bucket(bucket).key("kept")).metadata().get("m"));
        assertEquals(
                "new",
                s3.headObject(b -> b.bucket(bucket).key("replaced")).metadata().get("m"));
    }

    @Test
    void metadataBeyondAsciiComesBackAsAnEncodedWord() {
        String word = "=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=";
        for (String sent : List.of("Grüße", word)) {
            s3.putObject(b -> b.bucket(bucket).key("m").metadata(Map.of("greeting", sent)), RequestBody.empty());
            assertEquals(
                    word,
                    s3.headObject(b -> b.bucket(bucket).key("m")).metadata().get("greeting"));
        }
    }

    @Test
    void deletesOneAndMany() {
        IntStream.range(0, 40).forEach(i -> put("k" + i, "x"));
        s3.deleteObject(b -> b.bucket(bucket).key("k0"));
        assertThrows(NoSuchKeyException.class, () -> get("k0"));
        List<ObjectIdentifier> rest = IntStream.range(0, 41)
                .mapToObj(i -> ObjectIdentifier.builder().key("k" + i).build())
                .toList();
        DeleteObjectsResponse deleted = s3.deleteObjects(b -> b.bucket(bucket).delete(d -> d.objects(rest)));
        assertEquals(41, deleted.deleted().size());
        assertTrue(deleted.errors().isEmpty());
        assertEquals(0, s3.listObjectsV2(b -> b.bucket(bucket)).keyCount());
        s3.deleteBucket(b -> b.bucket(bucket));
        assertThrows(NoSuchBucketException.class, () -> s3.listObjectsV2(b -> b.bucket(bucket)));
    }

    @Test
    void conditionalWrites() {
        String first = s3.putObject(b -> b.bucket(bucket).key("c").ifNoneMatch("*"), RequestBody.fromString("1"))
                .eTag();
        assertPrecondition(
                () -> s3.putObject(b -> b.bucket(bucket).key("c").ifNoneMatch("*"), RequestBody.fromString("2")));
        String second = s3.putObject(b -> b.bucket(bucket).key("c").ifMatch(first), RequestBody.fromString("3"))
                .eTag();
        assertPrecondition(
                () -> s3.putObject(b -> b.bucket(bucket).key("c").ifMatch(first), RequestBody.fromString("4")));
        assertEquals("3", get("c"));
        S3Exception unchanged = assertThrows(
                S3Exception.class,
                () -> s3.getObjectAsBytes(b -> b.bucket(bucket).key("c").ifNoneMatch(second)));
        assertEquals(304, unchanged.statusCode());
    }

    private static void assertPrecondition(Runnable call) {
        S3Exception refused = assertThrows(S3Exception.class, call::run);
        assertEquals(412, refused.statusCode());
        assertEquals("PreconditionFailed", refused.awsErrorDetails().errorCode());
    }

    @Test
    void multipartByHand() {
        String id = s3.createMultipartUpload(b -> b.bucket(bucket).key("m").metadata(Map.of("u", "7")))
                .uploadId();
        byte[] part = new byte[5 << 20];
        new Random(7).nextBytes(part);
        List<CompletedPart> parts = new ArrayList<>();
        for (int n : new int[] {2, 1, 3}) {
            byte[] bytes = n == 3 ? new byte[10] : part;
            String etag = s3.uploadPart(
                            b -> b.bucket(bucket).key("m").uploadId(id).partNumber(n), RequestBody.fromBytes(bytes))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(n).eTag(etag).build());
        }
        assertEquals(
                3,
                s3.listParts(b -> b.bucket(bucket).key("m").uploadId(id))
                        .parts()
                        .size());
        assertEquals(1, s3.listMultipartUploads(b -> b.bucket(bucket)).uploads().size());
        parts.sort((a, b) -> a.partNumber() - b.partNumber());
        String etag = s3.completeMultipartUpload(
                        b -> b.bucket(bucket).key("m").uploadId(id).multipartUpload(m -> m.parts(parts)))
                .eTag();
        assertTrue(etag.endsWith("-3\""), etag);
        HeadObjectResponse head = s3.headObject(b -> b.bucket(bucket).key("m"));
        assertEquals(2L * part.length + 10, head.contentLength());
        assertEquals("7", head.metadata().get("u"));
        assertEquals(etag, head.eTag());
        assertEquals(0, s3.listMultipartUploads(b -> b.bucket(bucket)).uploads().size());
    }

    @Test
    void attributesOfAnObject() {
        String etag = put("a", "hello").eTag();
        GetObjectAttributesResponse told =
                s3.getObjectAttributes(b -> b.bucket(bucket).key("a").objectAttributes(ObjectAttributes.knownValues()));
        assertEquals(etag, '"' + told.eTag() + '"');
        assertEquals(5, told.objectSize());
        assertEquals(StorageClass.STANDARD, told.storageClass());
        assertEquals("NhCmhg==", told.checksum().checksumCRC32());
        assertEquals("FULL_OBJECT", told.checksum().checksumTypeAsString());
        assertEquals(s3.headObject(b -> b.bucket(bucket).key("a")).lastModified(), told.lastModified());
        S3Exception refused = assertThrows(
                S3Exception.class,
                () -> s3.getObjectAttributes(b -> b.bucket(bucket).key("a").objectAttributesWithStrings("Colour")));
        assertEquals("InvalidArgument", refused.awsErrorDetails().errorCode());
    }

    @Test
    void presignedPutAndGet() throws Exception {
        URL put = presigner
                .presignPutObject(b -> b.signatureDuration(Duration.ofMinutes(5))
                        .putObjectRequest(p -> p.bucket(bucket).key("signed é").contentType("text/x")))
                .url();
        HttpURLConnection upload = (HttpURLConnection) put.openConnection();
        upload.setDoOutput(true);
        upload.setRequestMethod("PUT");
        upload.setRequestProperty("Content-Type", "text/x");
        upload.getOutputStream().write("by url".getBytes(StandardCharsets.UTF_8));
        assertEquals(200, upload.getResponseCode());
        URI get = presigner
                .presignGetObject(b -> b.signatureDuration(Duration.ofMinutes(5))
                        .getObjectRequest(p -> p.bucket(bucket).key("signed é")))
                .url()
                .toURI();
        HttpURLConnection download = (HttpURLConnection) get.toURL().openConnection();
        assertEquals("by url", new String(download.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals("text/x", download.getContentType());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a//b", "trailing/", "./dot", "x/../y", "long/%s", "nfc-\u00e9", "nfd-e\u0301", "+&=;?#% "})
    void keysThatAreNoPaths(String pattern) {
        String key = pattern.replace("%s", "s".repeat(300));
        put(key, "body of " + key);
        assertEquals("body of " + key, get(key));
        assertEquals(
                List.of(key),
                s3.listObjectsV2(b -> b.bucket(bucket)).contents().stream()
                        .map(o -> o.key())
                        .toList());
        s3.deleteObject(b -> b.bucket(bucket).key(key));
        assertThrows(NoSuchKeyException.class, () -> get(key));
    }

    @Test
    void aKeyBesideItsOwnFolder() {
        put("a/b", "under");
        put("a", "file");
        put("a/b/c", "deeper");
        assertEquals("file", get("a"));
        assertEquals("under", get("a/b"));
        assertEquals("deeper", get("a/b/c"));
        assertEquals(
                List.of("a", "a/b", "a/b/c"),
                s3.listObjectsV2(b -> b.bucket(bucket)).contents().stream()
                        .map(o -> o.key())
                        .toList());
    }
}
