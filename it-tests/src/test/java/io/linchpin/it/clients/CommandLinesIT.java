package io.linchpin.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.Signer;
import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.ClusterTest;
import io.linchpin.it.harness.Full;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** s3cmd and rclone, as Debian packages them. */
@ClusterTest
class CommandLinesIT {
    @TempDir
    Path files;

    @Test
    void s3cmd(Cluster cluster) throws Exception {
        Programs run = new Programs(cluster, files);
        run.need("s3cmd", "s3cmd", "--version");
        String host = "127.0.0.1:" + cluster.sharedPort();
        Files.writeString(
                files.resolve(".s3cfg"),
                String.join(
                        "\n",
                        "[default]",
                        "access_key = " + Signer.ACCESS_KEY,
                        "secret_key = " + Signer.SECRET_KEY,
                        "host_base = " + host,
                        "host_bucket = " + host,
                        "bucket_location = us-east-1",
                        "use_https = False",
                        ""));
        String bucket = "s3://s3cmd-bucket";
        run.run("s3cmd", "mb", bucket);
        Path tree = Trees.make(files.resolve("tree"), 60);
        run.run("s3cmd", "sync", "--no-progress", "tree/", bucket + "/t/");
        run.run("s3cmd", "sync", "--no-progress", bucket + "/t/", "back/");
        assertEquals(Trees.digests(tree), Trees.digests(files.resolve("back")));
        String sent = Trees.randomFile(files.resolve("large"), 20 << 20, 9);
        run.run("s3cmd", "put", "--no-progress", "--multipart-chunk-size-mb=5", "large", bucket + "/large");
        run.run("s3cmd", "cp", bucket + "/large", bucket + "/copy");
        run.run("s3cmd", "get", "--no-progress", bucket + "/copy", "large-back");
        assertEquals(sent, Trees.sha256(files.resolve("large-back")));
        assertTrue(run.run("s3cmd", "info", bucket + "/large").contains("20971520"));
        assertTrue(run.run("s3cmd", "info", bucket).contains(": FULL_CONTROL"));
        assertEquals(62, run.run("s3cmd", "ls", "--recursive", bucket).lines().count());
        run.run("s3cmd", "rb", "--recursive", "--force", bucket);
    }

    @Test
    void rclone(Cluster cluster) throws Exception {
        Programs run = new Programs(cluster, files);
        run.need("rclone", "rclone", "version");
        String remote = ":s3,provider=Other,env_auth=true,force_path_style=true,endpoint='" + cluster.endpoint() + "':";
        String bucket = remote + "rclone-bucket";
        run.run("rclone", "mkdir", bucket);
        Path tree = Trees.make(files.resolve("tree"), Full.or(300, 100));
        run.run("rclone", "sync", "tree", bucket + "/t");
        run.run("rclone", "check", "--download", "tree", bucket + "/t");
        run.run("rclone", "sync", bucket + "/t", "back");
        assertEquals(Trees.digests(tree), Trees.digests(files.resolve("back")));
        String sent = Trees.randomFile(files.resolve("large"), 40 << 20, 9);
        run.run("rclone", "copyto", "--s3-upload-cutoff=10M", "--s3-chunk-size=8M", "large", bucket + "/large");
        run.run("rclone", "copyto", bucket + "/large", bucket + "/server side copy");
        run.run("rclone", "copyto", bucket + "/server side copy", "large-back");
        assertEquals(sent, Trees.sha256(files.resolve("large-back")));
        // Times of files come back from metadata: nothing differs, so nothing is sent.
        assertEquals(List.of(), changes(run.run("rclone", "sync", "--dry-run", "-v", "tree", bucket + "/t")));
        run.run("rclone", "purge", bucket);
    }

    private static List<String> changes(String output) {
        return new ArrayList<>(
                output.lines().filter(line -> line.contains("Skipped copy")).toList());
    }
}
