package io.linchpin.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.ClusterTest;
import io.linchpin.it.harness.Full;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AWS command line. */
@ClusterTest
class AwsCliIT {
    /** More than a page of a listing holds. */
    private static final int FILES = Full.or(2_000, 1_050);

    private final Cluster cluster;

    @TempDir
    Path files;

    private Programs run;
    private String bucket;

    AwsCliIT(Cluster cluster) {
        this.cluster = cluster;
        this.run = new Programs(cluster, Path.of("."));
        this.bucket = "";
    }

    @BeforeEach
    void prepare() {
        run = new Programs(cluster, files);
        run.need("the AWS command line", "aws", "--version");
        bucket = cluster.newBucket();
    }

    @Test
    void syncsATree() throws Exception {
        Path tree = Trees.make(files.resolve("tree"), FILES);
        run.run("aws", "s3", "sync", "--no-progress", "tree", "s3://" + bucket + "/t");
        run.run("aws", "s3", "sync", "--no-progress", "s3://" + bucket + "/t", "back");
        assertEquals(Trees.digests(tree), Trees.digests(files.resolve("back")));
        assertEquals("", run.run("aws", "s3", "sync", "--no-progress", "tree", "s3://" + bucket + "/t"));
        assertEquals(FILES, Trees.digests(cluster.root().resolve(bucket)).size());
        Files.delete(tree.resolve("folder 0/file-1.bin"));
        run.run("aws", "s3", "sync", "--no-progress", "--delete", "tree", "s3://" + bucket + "/t");
        assertEquals(
                FILES - 1,
                run.run("aws", "s3", "ls", "--recursive", "s3://" + bucket)
                        .lines()
                        .count());
        run.run("aws", "s3", "rb", "--force", "s3://" + bucket);
        assertNotEquals(0, run.status("aws", "s3", "ls", "s3://" + bucket));
    }

    /** 1 GiB in the long run, 64 MiB otherwise. */
    @Test
    void aLargeFileGoesInPartsBothWays() throws Exception {
        String sent = Trees.randomFile(files.resolve("large"), (long) Full.or(1024, 64) << 20, 5);
        run.run("aws", "s3", "cp", "--no-progress", "large", "s3://" + bucket + "/large");
        run.run("aws", "s3", "cp", "--no-progress", "s3://" + bucket + "/large", "s3://" + bucket + "/copy");
        run.run("aws", "s3", "cp", "--no-progress", "s3://" + bucket + "/copy", "back");
        assertEquals(sent, Trees.sha256(files.resolve("back")));
    }

    @Test
    void objectsByThemselves() throws Exception {
        Files.writeString(files.resolve("body"), "0123456789");
        String[] where = {"--bucket", bucket, "--key", "k e y"};
        api("put-object", where, "--body", "body", "--metadata", "a=1", "--content-type", "text/x");
        assertTrue(api("head-object", where).contains("\"a\": \"1\""));
        api("get-object", where, "--range", "bytes=3-5", "part");
        assertEquals("345", Files.readString(files.resolve("part")));
        api("copy-object", new String[] {"--bucket", bucket, "--key", "copy"}, "--copy-source", bucket + "/k e y");
        assertTrue(api("list-objects-v2", new String[] {"--bucket", bucket}).contains("\"copy\""));
        assertTrue(api("list-objects", new String[] {"--bucket", bucket}).contains("\"copy\""));
        api("delete-objects", new String[] {"--bucket", bucket}, "--delete", "Objects=[{Key=copy},{Key=none}]");
        api("delete-object", where);
        api("delete-bucket", new String[] {"--bucket", bucket});
    }

    private String api(String operation, String[] where, String... more) throws Exception {
        String[] command = new String[3 + where.length + more.length];
        command[0] = "aws";
        command[1] = "s3api";
        command[2] = operation;
        System.arraycopy(where, 0, command, 3, where.length);
        System.arraycopy(more, 0, command, 3 + where.length, more.length);
        return run.run(command);
    }

    @Test
    void presignedAddress() throws Exception {
        Files.writeString(files.resolve("body"), "for anyone");
        run.run("aws", "s3", "cp", "--no-progress", "body", "s3://" + bucket + "/p");
        // Of its own accord some versions presign by SigV2 for an endpoint that is not Amazon's.
        run.run("aws", "configure", "set", "default.s3.signature_version", "s3v4");
        String url = run.run("aws", "s3", "presign", "s3://" + bucket + "/p").strip();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> got =
                    client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals("for anyone", got.body());
        }
    }
}
