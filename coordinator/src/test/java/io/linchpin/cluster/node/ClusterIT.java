package io.linchpin.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.ProcessCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes in processes of their own over one store: killed, stopped, leaving. */
class ClusterIT {
    /** What the cluster promises is about half a second; the limit only tells a broken take-over from a slow machine. */
    private static final long TAKE_OVER_LIMIT_MILLIS = 5_000;

    /** In production shards are moved few at a time; here a node that was started again is to have its share soon. */
    private static final String SPREAD_SOON = """
            pekko.cluster.sharding.rebalance-interval = 1 s
            pekko.cluster.sharding.least-shard-allocation-strategy.rebalance-absolute-limit = 64
            """;

    private static final String REAL_STORE = "test.real-store = on";

    /** Of the oldest and of another; more for a measurement: {@code -Dlinchpin.kills=20}. */
    private static final int KILLS = Integer.getInteger("linchpin.kills", 2);

    /** Another number for a measurement: {@code -Dlinchpin.shards=64}. */
    private static final int SHARDS = Integer.getInteger("linchpin.shards", 24);

    private static final int LEAST_SHARDS = SHARDS / 4;
    private static final int SPREAD_LIMIT_SECONDS = 60;
    private static final int LOOK_PAUSE_MILLIS = 200;

    @TempDir
    Path root;

    private final List<ForkedNode> nodes = new ArrayList<>();

    @AfterEach
    void killAll() {
        nodes.forEach(ForkedNode::close);
    }

    private ForkedNode start(String overrides) throws Exception {
        ForkedNode node = ForkedNode.start(root, "linchpin.shards = " + SHARDS + "\n" + SPREAD_SOON + overrides);
        nodes.add(node);
        return node;
    }

    private void startThree(String overrides) throws Exception {
        for (int i = 0; i < 3; i++) {
            start("linchpin.cluster.expected-nodes = 3\n" + overrides);
        }
        for (ForkedNode node : nodes) {
            node.awaitReady();
        }
        System.out.println("three nodes ready, ms since each began: "
                + nodes.stream().map(ForkedNode::startMillis).toList());
        // On a machine so busy that a node came too late for the first allocation, rebalancing brings it its share.
        awaitSpread();
    }

    /** Waits until each node has some of the shards: only then does its death tell anything. */
    private void awaitSpread() throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(SPREAD_LIMIT_SECONDS);
        while (System.nanoTime() < giveUp) {
            boolean spread = true;
            for (ForkedNode node : nodes) {
                spread &= shardsOf(nodes.get(0), node).size() >= LEAST_SHARDS;
            }
            if (spread) {
                return;
            }
            Thread.sleep(LOOK_PAUSE_MILLIS);
        }
        throw new IllegalStateException("shards are not spread: " + nodes.get(0).ask("who"));
    }

    /** Milliseconds until every shard is served by somebody else than those. */
    private static long probe(ForkedNode by, ForkedNode... gone) throws Exception {
        String names = String.join(
                ",", java.util.Arrays.stream(gone).map(ForkedNode::incarnation).toList());
        String answer = by.ask("probe " + names);
        assertTrue(answer.startsWith("SERVED "), answer);
        return Long.parseLong(answer.substring("SERVED ".length()));
    }

    @Test
    void theShardsOfKilledNodesAreServedAgainAtOnce() throws Exception {
        startThree(REAL_STORE);
        List<Long> ofOldest = new ArrayList<>();
        List<Long> ofOthers = new ArrayList<>();
        for (int round = 0; round < KILLS; round++) {
            // The oldest has the coordinator.
            boolean oldest = round % 2 == 0;
            ForkedNode victim = nodes.remove(oldest ? 0 : 1);
            ForkedNode survivor = nodes.get(0);
            victim.signal(ProcessCalls.SIGKILL);
            (oldest ? ofOldest : ofOthers).add(probe(survivor, victim));
            victim.close();
            start(REAL_STORE).awaitReady();
            awaitSpread();
        }
        System.out.println("every shard answers again after a kill -9 of the oldest, ms: " + ofOldest);
        System.out.println("every shard answers again after a kill -9 of another, ms: " + ofOthers);
        assertTrue(ofOldest.stream().allMatch(ms -> ms < TAKE_OVER_LIMIT_MILLIS), ofOldest.toString());
        assertTrue(ofOthers.stream().allMatch(ms -> ms < TAKE_OVER_LIMIT_MILLIS), ofOthers.toString());
    }

    @Test
    void aStoppedNodeKeepsItsShardsAndHoldsUpNobodyElse() throws Exception {
        startThree("linchpin.cluster.stuck-after = 3 s");
        Set<Integer> stoppedShards = shardsOf(nodes.get(0), nodes.get(2));
        assertFalse(
                stoppedShards.isEmpty() && shardsOf(nodes.get(0), nodes.get(1)).isEmpty());
        ForkedNode stopped = nodes.get(2);
        ForkedNode killed = nodes.get(1);
        ForkedNode survivor = nodes.get(0);
        stopped.signal(ProcessCalls.SIGSTOP);
        killed.signal(ProcessCalls.SIGKILL);
        // All but the stopped one's: those of the killed one too.
        String left = survivor.ask("probe-but " + killed.incarnation() + " " + bits(stoppedShards));
        System.out.println("one killed while another is stopped, ms: " + left);
        assertTrue(left.startsWith("SERVED "), left);
        String locked = survivor.ask("held " + bits(stoppedShards));
        assertEquals("HELD " + stoppedShards.size(), locked, "nobody serves a stopped node's shards");
        stopped.signal(ProcessCalls.SIGCONT);
        assertEquals(128 + ProcessCalls.SIGKILL, stopped.awaitEnd(20), "it finds its fence and ends itself");
        probe(survivor, stopped, killed);
    }

    @Test
    void theRealStoreIsTakenOverAsWell() throws Exception {
        start(REAL_STORE);
        start(REAL_STORE);
        for (ForkedNode node : nodes) {
            node.awaitReady();
        }
        ForkedNode victim = nodes.get(0);
        victim.signal(ProcessCalls.SIGKILL);
        long millis = probe(nodes.get(1), victim);
        System.out.println("every shard of the real store answers again, ms: " + millis);
        assertTrue(millis < TAKE_OVER_LIMIT_MILLIS);
        nodes.get(1).write("leave");
        assertEquals(0, nodes.get(1).awaitEnd(30));
    }

    private static Set<Integer> shardsOf(ForkedNode asked, ForkedNode owner) throws Exception {
        Set<Integer> shards = new TreeSet<>();
        for (String word : asked.ask("who").split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0 && word.substring(equals + 1).startsWith(owner.incarnation())) {
                shards.add(Integer.parseInt(word.substring(0, equals)));
            }
        }
        return shards;
    }

    private static String bits(Set<Integer> shards) {
        return shards.isEmpty()
                ? "-"
                : String.join(",", shards.stream().map(String::valueOf).toList());
    }

    @Test
    void aLeavingNodeHandsOverAndEnds() throws Exception {
        startThree("");
        ForkedNode leaving = nodes.get(0);
        leaving.write("leave");
        long millis = probe(nodes.get(1), leaving);
        System.out.println("every shard answers elsewhere after a graceful leave, ms: " + millis);
        assertTrue(millis < TAKE_OVER_LIMIT_MILLIS);
        assertEquals(0, leaving.awaitEnd(30));
    }
}
