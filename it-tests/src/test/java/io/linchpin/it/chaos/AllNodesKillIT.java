package io.linchpin.it.chaos;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Full;
import org.junit.jupiter.api.Test;

/** All nodes are killed at once under load: the next start finds everything that was acknowledged, and nothing is left over. */
class AllNodesKillIT {
    private static final int ROUNDS = Full.or(10, 1);
    private static final int LOAD_MILLIS = 4_000;
    private static final int CLIENTS = 16;

    @Test
    void acknowledgedWritesOutliveTheWholeCluster() throws Exception {
        long seed = Seed.of(AllNodesKillIT.class);
        try (Cluster cluster = Nodes.startThree()) {
            for (int round = 0; round < ROUNDS; round++) {
                try (Traffic traffic = Traffic.start(cluster, cluster.newBucket(), CLIENTS, seed + round * 1_000L)) {
                    Thread.sleep(LOAD_MILLIS);
                    Nodes.killAll(cluster);
                    Nodes.restart(cluster.nodes());
                    traffic.stop();
                    traffic.check(cluster);
                }
            }
            AtRest.assertClean(cluster);
        }
    }
}
