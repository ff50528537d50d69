package io.linchpin.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.ClusterTest;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** boto3: a script that asserts what it gets, and says so at its end. */
@ClusterTest
class Boto3IT {
    @TempDir
    Path files;

    @Test
    void theScriptComesToItsEnd(Cluster cluster) throws Exception {
        Programs run = new Programs(cluster, files);
        run.need("boto3", "python3", "-c", "import boto3");
        Path script = files.resolve("suite.py");
        try (InputStream in = Objects.requireNonNull(Boto3IT.class.getResourceAsStream("boto3_suite.py"))) {
            Files.copy(in, script);
        }
        assertEquals(
                "all well",
                run.run("python3", script.toString(), cluster.newBucket()).strip());
    }
}
