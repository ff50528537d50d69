package io.linchpin.it.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.Signer;
import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.ClusterTest;
import io.minio.BucketExistsArgs;
import io.minio.CopyObjectArgs;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveBucketArgs;
import io.minio.RemoveObjectArgs;
import io.minio.SourceObject;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.ErrorResponseException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** MinIO's client for Java. */
@ClusterTest
class MinioClientIT {
    private static final String BUCKET = "minio-client";
    private static MinioClient client;

    @BeforeAll
    static void open(Cluster cluster) {
        client = MinioClient.builder()
                .endpoint(cluster.endpoint().toString())
                .credentials(Signer.ACCESS_KEY, Signer.SECRET_KEY)
                .build();
    }

    @Test
    void theLifeOfObjects() throws Exception {
        client.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
        assertTrue(client.bucketExists(BucketExistsArgs.builder().bucket(BUCKET).build()));
        for (int size : new int[] {0, 100, 200_000, 12 << 20}) {
            byte[] body = new byte[size];
            new Random(size).nextBytes(body);
            client.putObject(
                    PutObjectArgs.builder()
                            .bucket(BUCKET)
                            .object("o/" + size)
                            .userMetadata(Map.of("size", "" + size))
                            .stream(new ByteArrayInputStream(body), (long) size, 5L << 20)
                            .build());
            try (InputStream in = client.getObject(
                    GetObjectArgs.builder().bucket(BUCKET).object("o/" + size).build())) {
                assertArrayEquals(body, in.readAllBytes());
            }
            StatObjectResponse stat = client.statObject(
                    StatObjectArgs.builder().bucket(BUCKET).object("o/" + size).build());
            assertEquals(size, stat.size());
        }
        client.copyObject(CopyObjectArgs.builder()
                .bucket(BUCKET)
                .object("copy")
                .source(SourceObject.builder().bucket(BUCKET).object("o/100").build())
                .build());
        List<String> keys = new ArrayList<>();
        for (var item : client.listObjects(
                ListObjectsArgs.builder().bucket(BUCKET).recursive(true).build())) {
            keys.add(item.get().objectName());
        }
        assertEquals(List.of("copy", "o/0", "o/100", "o/12582912", "o/200000"), keys);
        for (String key : keys) {
            client.removeObject(
                    RemoveObjectArgs.builder().bucket(BUCKET).object(key).build());
        }
        ErrorResponseException gone = assertThrows(
                ErrorResponseException.class,
                () -> client.statObject(
                        StatObjectArgs.builder().bucket(BUCKET).object("copy").build()));
        assertEquals("NoSuchKey", gone.errorResponse().code());
        client.removeBucket(RemoveBucketArgs.builder().bucket(BUCKET).build());
    }
}
