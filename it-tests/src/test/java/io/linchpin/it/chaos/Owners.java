package io.linchpin.it.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.NodeJvm;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Which process served which shard at a moment, as a node's status page has it. */
record Owners(Map<Integer, Long> pids, int shards) {
    /** Shards are shared out soon, so that each node owns some: production moves few at a time. */
    static final String[] SPREAD_SOON = {
        "linchpin.cluster.expected-nodes = 3",
        "pekko.cluster.sharding.rebalance-interval = 1 s",
        "pekko.cluster.sharding.least-shard-allocation-strategy.rebalance-absolute-limit = 64"
    };

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SPREAD_LIMIT_SECONDS = 60;

    static Owners now(NodeJvm asked) throws IOException {
        JsonNode status = JSON.readTree(new Http(asked::port).get("/-/status").body());
        Map<String, Long> pidOf = new HashMap<>();
        status.get("nodes")
                .forEach(node -> pidOf.put(
                        node.get("incarnation").asText(), node.get("pid").asLong()));
        Map<Integer, Long> pids = new HashMap<>();
        status.get("shards").forEach(shard -> {
            Long pid = pidOf.get(shard.get("owner").asText());
            if (pid != null) {
                pids.put(shard.get("shard").asInt(), pid);
            }
        });
        return new Owners(pids, status.get("shards").size());
    }

    /** Waits until every node owns at least so many shards, and says who owns what then. */
    static Owners spread(Cluster cluster, int least) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(SPREAD_LIMIT_SECONDS);
        while (true) {
            Owners owners = now(cluster.node(0));
            if (owners.pids.size() == owners.shards
                    && cluster.nodes().stream()
                            .allMatch(node -> owners.shardsOf(node).size() >= least)) {
                return owners;
            }
            if (System.nanoTime() > giveUp) {
                throw new AssertionError("shards are not spread: " + owners);
            }
            Thread.sleep(100);
        }
    }

    List<Integer> shardsOf(NodeJvm node) {
        return pids.entrySet().stream()
                .filter(entry -> entry.getValue() == node.pid())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private int shardOf(String target) {
        int slash = target.indexOf('/', 1);
        return OwnerId.of(new ObjectId(
                        new BucketName(target.substring(1, slash)), new ObjectKey(target.substring(slash + 1))))
                .shard(shards);
    }

    /** Whether the node owns the key of this target. */
    boolean owns(NodeJvm node, String target) {
        return is(node, pids.get(shardOf(target)));
    }

    boolean ownsUpload(NodeJvm node, String uploadId) {
        UploadId id = UploadId.parse(uploadId).orElseThrow();
        return is(node, pids.get(OwnerId.of(id).shard(shards)));
    }

    private static boolean is(NodeJvm node, @Nullable Long pid) {
        return pid != null && pid == node.pid();
    }

    /** One key of each shard that the node owns, below a prefix. */
    List<String> oneKeyAShard(NodeJvm node, String prefix) {
        Set<Integer> wanted = new HashSet<>(shardsOf(node));
        List<String> targets = new ArrayList<>();
        for (int i = 0; !wanted.isEmpty(); i++) {
            String target = prefix + i;
            if (wanted.remove(shardOf(target))) {
                targets.add(target);
            }
        }
        return targets;
    }
}
