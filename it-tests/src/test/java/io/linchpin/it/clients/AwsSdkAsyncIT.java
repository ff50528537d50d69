package io.linchpin.it.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.ClusterTest;
import io.linchpin.it.harness.Full;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.transfer.s3.S3TransferManager;
import software.amazon.awssdk.transfer.s3.model.CompletedDirectoryUpload;

/** The AWS SDK for Java without blocking, and its transfer manager. */
@ClusterTest
class AwsSdkAsyncIT {
    private static S3AsyncClient s3;
    private static Cluster cluster;

    @TempDir
    Path files;

    @BeforeAll
    static void open(Cluster one) {
        cluster = one;
        s3 = AwsSdk.async(one);
    }

    @AfterAll
    static void close() {
        s3.close();
    }

    @Test
    void manyAtOnce() {
        String bucket = cluster.newBucket();
        List<CompletableFuture<PutObjectResponse>> puts = IntStream.range(0, 200)
                .mapToObj(i ->
                        s3.putObject(b -> b.bucket(bucket).key("many/" + i), AsyncRequestBody.fromString("body " + i)))
                .toList();
        puts.forEach(CompletableFuture::join);
        for (int i = 0; i < 200; i += 13) {
            String key = "many/" + i;
            String body = s3.getObject(b -> b.bucket(bucket).key(key), AsyncResponseTransformer.toBytes())
                    .join()
                    .asUtf8String();
            assertEquals("body " + i, body);
        }
        assertEquals(200, s3.listObjectsV2(b -> b.bucket(bucket)).join().keyCount());
    }

    @Test
    void bigBodiesGoInPartsAndComeBack() {
        String bucket = cluster.newBucket();
        byte[] body = new byte[40 << 20];
        new Random(40).nextBytes(body);
        PutObjectResponse put = s3.putObject(b -> b.bucket(bucket).key("big"), AsyncRequestBody.fromBytes(body))
                .join();
        assertTrue(put.eTag().contains("-"), "sent in parts: " + put.eTag());
        byte[] back = s3.getObject(
                        b -> b.bucket(bucket).key("big"), AsyncResponseTransformer.<GetObjectResponse>toBytes())
                .join()
                .asByteArrayUnsafe();
        assertArrayEquals(body, back);
    }

    /** 1 GiB in the long run, 96 MiB otherwise. */
    @Test
    void transferManagerMovesALargeFileBothWays() throws Exception {
        String bucket = cluster.newBucket();
        Path large = files.resolve("large");
        String sent = Trees.randomFile(large, (long) Full.or(1024, 96) << 20, 3);
        try (S3TransferManager manager =
                S3TransferManager.builder().s3Client(s3).build()) {
            manager.uploadFile(b -> b.source(large)
                            .putObjectRequest(p -> p.bucket(bucket).key("large")))
                    .completionFuture()
                    .join();
            Path back = files.resolve("back");
            manager.downloadFile(b -> b.destination(back)
                            .getObjectRequest(g -> g.bucket(bucket).key("large")))
                    .completionFuture()
                    .join();
            assertEquals(sent, Trees.sha256(back));
        }
    }

    @Test
    void transferManagerMovesATree() throws Exception {
        String bucket = cluster.newBucket();
        Path tree = Trees.make(files.resolve("tree"), 200);
        try (S3TransferManager manager =
                S3TransferManager.builder().s3Client(s3).build()) {
            CompletedDirectoryUpload up = manager.uploadDirectory(
                            b -> b.source(tree).bucket(bucket).s3Prefix("t"))
                    .completionFuture()
                    .join();
            assertEquals(List.of(), up.failedTransfers());
            Path back = files.resolve("tree-back");
            manager.downloadDirectory(b ->
                            b.destination(back).bucket(bucket).listObjectsV2RequestTransformer(l -> l.prefix("t/")))
                    .completionFuture()
                    .join();
            assertEquals(Trees.digests(tree), Trees.digests(back));
        }
    }
}
