package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Crowd;
import io.linchpin.it.harness.Full;
import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.NodeJvm;
import io.linchpin.it.harness.Upload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Nodes are killed one after the other, all are killed at once, and one leaves in good order, under load: what was
 * acknowledged stands, soon all keys take writes, and nothing is left over of any of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillAndLeaveIT {
    private static final int KILLING_SECONDS = Full.or(120, 12);
    private static final int LEAST_KILLS = 2;
    private static final int CLIENTS = 6;

    /** Uploads of the victim's keys that begin just before its death, so many a shard: to be met at every step. */
    private static final int BURSTS = 3;

    private static final int BURST_MILLIS = 100;

    private static final int ROUNDS = Full.or(10, 1);
    private static final int LOAD_MILLIS = 4_000;
    private static final int MANY_CLIENTS = 16;
    private static final int WRITERS = 12;

    /** A node that owns fewer was not given its share yet: its end would tell little. */
    private static final int LEAST_SHARDS = 6;

    private final long seed = Seed.of(KillAndLeaveIT.class);
    private Cluster cluster;

    @BeforeAll
    void start() throws Exception {
        cluster = Nodes.startThree();
    }

    /** What only the end of its node would remove is looked for before another test ends that node. */
    @AfterEach
    void nothingStaysStaged() throws Exception {
        for (NodeJvm node : cluster.nodes()) {
            if (!node.isAlive()) {
                node.restart();
            }
        }
        AtRest.awaitNothingStaged(cluster.root());
    }

    @AfterAll
    void end() throws Exception {
        try {
            AtRest.assertClean(cluster);
        } finally {
            cluster.close();
        }
    }

    @Test
    void acknowledgedWritesOutliveTheirNodes() throws Exception {
        Random random = new Random(seed);
        TakeOver takeOver = new TakeOver();
        String bucket = cluster.newBucket();
        try (Traffic traffic = Traffic.start(cluster, bucket, CLIENTS, seed)) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(KILLING_SECONDS);
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
    }

    /** The next start finds everything that was acknowledged. */
    @Test
    void acknowledgedWritesOutliveTheWholeCluster() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (Traffic traffic = Traffic.start(cluster, cluster.newBucket(), MANY_CLIENTS, seed + round * 1_000L)) {
                Thread.sleep(LOAD_MILLIS);
                Nodes.killAll(cluster);
                Nodes.restart(cluster.nodes());
                traffic.stop();
                traffic.check(cluster);
            }
        }
    }

    /** A node leaves and comes back, over and over: no client of another node has a request that fails. */
    @Test
    void clientsOfOtherNodesNoticeNothing() throws Exception {
        NodeJvm leaving = cluster.node(2);
        String bucket = cluster.newBucket();
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong mutations = new AtomicLong();
        List<Crowd.Turn> turns = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            NodeJvm stays = cluster.node(i % 2);
            turns.add(who -> {
                Http http = new Http(stays::port);
                for (int key = 0; !over.get(); key++) {
                    putAndDelete(http, "/" + bucket + "/" + who + "/" + key, new Upload(key));
                    mutations.addAndGet(2);
                }
            });
        }
        turns.add(_ -> {
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    Owners.spread(cluster, LEAST_SHARDS);
                    assertEquals(AtRest.ENDED_BY_SIGTERM, leaving.terminate());
                    leaving.restart();
                }
                Owners.spread(cluster, LEAST_SHARDS);
            } finally {
                over.set(true);
            }
        });
        Crowd.once(turns);
        System.out.println(mutations + " mutations while a node left and came back " + ROUNDS + " times");
    }

    /** One key after the other, so that every shard is met; each request must be accepted, the first time. */
    private static void putAndDelete(Http http, String target, Upload upload) {
        Http.Answer put = http.put(target, upload.body(), upload.headers());
        assertEquals(200, put.status(), put::toString);
        Http.Answer deleted = http.send("DELETE", target);
        assertEquals(204, deleted.status(), deleted::toString);
    }
}
