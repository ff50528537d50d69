package io.linchpin.it.chaos;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Full;
import io.linchpin.it.harness.NodeJvm;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nodes are killed one after the other while clients write: what was acknowledged stands, and soon all keys take writes. */
class KillChaosIT {
    private static final int SECONDS = Full.or(120, 20);
    private static final int LEAST_KILLS = 2;
    private static final int CLIENTS = 6;

    /** Uploads of the victim's keys that begin just before its death, so many a shard: to be met at every step. */
    private static final int BURSTS = 3;

    private static final int BURST_MILLIS = 100;

    /** A node that owns fewer was not given its share yet: its death would tell little. */
    private static final int LEAST_SHARDS = 8;

    @Test
    void acknowledgedWritesOutliveTheirNodes() throws Exception {
        long seed = Seed.of(KillChaosIT.class);
        Random random = new Random(seed);
        TakeOver takeOver = new TakeOver();
        try (Cluster cluster = Nodes.startThree()) {
            String bucket = cluster.newBucket();
            try (Traffic traffic = Traffic.start(cluster, bucket, CLIENTS, seed)) {
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
                for (int kills = 0; traffic.isWell() && (kills < LEAST_KILLS || System.nanoTime() < end); kills++) {
                    Owners owners = Owners.spread(cluster, LEAST_SHARDS);
                    NodeJvm victim = cluster.node(random.nextInt(3));
                    List<NodeJvm> survivors = Nodes.others(cluster, victim);
                    for (int i = 0; i < BURSTS; i++) {
                        String prefix = "/" + bucket + "/burst/" + kills + "/" + i + "/";
                        traffic.burst(owners.oneKeyAShard(victim, prefix), survivors);
                    }
                    Thread.sleep(random.nextInt(BURST_MILLIS));
                    takeOver.measure(victim, owners.oneKeyAShard(victim, "/" + bucket + "/probe/"), survivors);
                    victim.restart();
                }
                traffic.stop();
                traffic.check(cluster);
            }
            takeOver.report();
            AtRest.assertClean(cluster);
        }
    }
}
