package io.linchpin.it.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.linchpin.http.torture.Torture;
import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.ClusterTest;
import io.linchpin.it.harness.Full;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ClusterTest
class TortureIT {
    @Test
    void aClusterKeepsItsPromises(Cluster cluster, @TempDir Path directory) throws Exception {
        Run run = Run.of(cluster.endpoint(), Full.or(60, 8), directory.resolve("histories.jsonl"));
        assertEquals(Torture.KEPT, run.status(), () -> run.out() + run.err());
        assertFalse(run.err().contains("could not be removed"), run::err);
    }
}
