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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A node leaves in good order and comes back, over and over: no client of another node has a request that fails. */
class LeaveAndJoinIT {
    private static final int ROUNDS = Full.or(10, 1);
    private static final int WRITERS = 12;
    private static final int LEAST_SHARDS = 8;

    private final AtomicLong mutations = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void clientsOfOtherNodesNoticeNothing() throws Exception {
        try (Cluster cluster = Nodes.startThree()) {
            NodeJvm leaving = cluster.node(2);
            String bucket = cluster.newBucket();
            List<Crowd.Turn> turns = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                NodeJvm stays = cluster.node(i % 2);
                turns.add(who -> write(new Http(stays::port), "/" + bucket + "/" + who + "/"));
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
            AtRest.assertClean(cluster);
        }
    }

    /** Puts and deletes one key after the other, so that every shard is met; each request must be accepted, the first time. */
    private void write(Http http, String prefix) {
        for (int i = 0; !over.get(); i++) {
            String target = prefix + i;
            Upload upload = new Upload(i);
            Http.Answer put = http.put(target, upload.body(), upload.headers());
            assertEquals(200, put.status(), put::toString);
            Http.Answer deleted = http.send("DELETE", target);
            assertEquals(204, deleted.status(), deleted::toString);
            mutations.addAndGet(2);
        }
    }
}
