package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.RawSocket;
import io.linchpin.http.testing.Signer;
import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.NodeJvm;
import io.linchpin.it.harness.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The owner of keys is stopped (SIGSTOP) with uploads in flight: nobody else publishes them, and nothing mixes when it wakes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StopIT {
    private static final int STOPPED_SECONDS = 10;
    private static final int KEYS = 4;
    private static final int LOOK_PAUSE_MILLIS = 50;

    /** Between the stop and the kill: the case in which a stopped node could hold the take-over up. */
    private static final int STOPPED_BEFORE_KILL_MILLIS = 2_000;

    private static final int WAKES_WITHIN_SECONDS = 60;

    private Cluster cluster;

    @BeforeAll
    void start() throws Exception {
        cluster = Nodes.startThree();
    }

    @AfterEach
    void allRunAgain() throws Exception {
        for (NodeJvm node : cluster.nodes()) {
            if (node.isAlive()) {
                node.resume();
            } else {
                node.restart();
            }
        }
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    @Test
    void nobodyElsePublishesTheKeysOfAStoppedOwner() throws Exception {
        String bucket = cluster.newBucket();
        Owners owners = Owners.spread(cluster, KEYS + 2);
        NodeJvm stopped = cluster.node(1);
        List<NodeJvm> others = Nodes.others(cluster, stopped);
        List<String> targets = owners.oneKeyAShard(stopped, "/" + bucket + "/k/");
        List<SharedKey> keys =
                targets.subList(0, KEYS).stream().map(SharedKey::new).toList();
        SlowPut throughStopped = new SlowPut(stopped.port(), targets.get(KEYS), new Upload(5));
        SlowPut throughOther = new SlowPut(others.getFirst().port(), targets.get(KEYS + 1), new Upload(11));
        try (Writers writers = Writers.start(keys, cluster.nodes());
                throughStopped;
                throughOther) {
            Thread.sleep(1_000);
            throughStopped.sendHalf();
            throughOther.sendHalf();
            Nodes.stop(stopped);
            long stoppedAt = System.nanoTime();
            Map<String, String> before = look(targets);
            throughOther.sendRest();
            watch(owners, bucket, others, keys, targets, before, stoppedAt);
            assertEquals(before, look(targets), "published while their owner was stopped");
            long wokenAt = System.nanoTime();
            stopped.resume();
            writers.assertNoneAcceptedBetween(stoppedAt, wokenAt);
            int status = throughOther.status();
            assertFalse(status == 200, "accepted while the owner was stopped");
            throughStopped.sendRest();
            assertEquals(200, throughStopped.status());
            Thread.sleep(1_000);
            writers.stop();
            System.out.println("a PUT through another node for a stopped owner's key: "
                    + (status == 0 ? "no answer" : status) + "; " + writers);
        }
        for (NodeJvm node : cluster.nodes()) {
            Http one = new Http(node::port);
            keys.forEach(key -> key.read(() -> one.get(key.target())));
            assertEquals(new Upload(5), Upload.of(one.get(throughStopped.target())));
            Http.Answer late = one.get(throughOther.target());
            assertTrue(late.status() == 404 || Upload.of(late).number() == 11, late::toString);
        }
        TakeOver.untilAccepted(new Http(others.getFirst()::port), targets.getFirst());
    }

    /** Until the time is over: files stand still, reads go on, keys of others take writes. */
    private void watch(
            Owners owners,
            String bucket,
            List<NodeJvm> others,
            List<SharedKey> keys,
            List<String> targets,
            Map<String, String> before,
            long stoppedAt)
            throws Exception {
        int round = 0;
        while (System.nanoTime() - stoppedAt < TimeUnit.SECONDS.toNanos(STOPPED_SECONDS)) {
            NodeJvm asked = others.get(round++ % 2);
            Http http = new Http(asked::port);
            keys.forEach(key -> key.read(() -> http.get(key.target())));
            String theirs = owners.oneKeyAShard(asked, "/" + bucket + "/other/" + round + "/")
                    .getFirst();
            TakeOver.untilAccepted(http, theirs);
            assertEquals(before, look(targets), "published while their owner was stopped");
            Thread.sleep(LOOK_PAUSE_MILLIS);
        }
        System.out.println(round + " rounds of reads, and of writes of other nodes' keys, while a node was stopped");
    }

    @Test
    void aKilledNodeIsTakenOverWhileAnotherIsStopped() throws Exception {
        String bucket = cluster.newBucket();
        Owners owners = Owners.spread(cluster, KEYS);
        NodeJvm stopped = cluster.node(1);
        NodeJvm killed = cluster.node(2);
        NodeJvm survivor = cluster.node(0);
        List<String> ofStopped =
                owners.oneKeyAShard(stopped, "/" + bucket + "/s/").subList(0, KEYS);
        List<SharedKey> keys = ofStopped.stream().map(SharedKey::new).toList();
        try (Writers writers = Writers.start(keys, List.of(stopped, survivor))) {
            Thread.sleep(500);
            Nodes.stop(stopped);
            long stoppedAt = System.nanoTime();
            Map<String, String> before = look(ofStopped);
            Thread.sleep(STOPPED_BEFORE_KILL_MILLIS);
            TakeOver takeOver = new TakeOver();
            takeOver.measure(killed, owners.oneKeyAShard(killed, "/" + bucket + "/k/"), List.of(survivor));
            takeOver.report();
            killed.restartWhileAnotherStandsStill();
            Http throughNew = new Http(killed::port);
            assertEquals(503, throughNew.send("GET", "/-/ready").status(), "not every shard is served");
            TakeOver.untilAccepted(
                    throughNew,
                    owners.oneKeyAShard(survivor, "/" + bucket + "/n/").getFirst());
            keys.forEach(key -> key.read(() -> throughNew.get(key.target())));
            assertEquals(before, look(ofStopped), "published while their owner was stopped");
            long wokenAt = System.nanoTime();
            stopped.resume();
            writers.assertNoneAcceptedBetween(stoppedAt, wokenAt);
            awaitEndOf(stopped);
            for (String target : ofStopped) {
                TakeOver.untilAccepted(new Http(survivor::port), target + "/after");
            }
            writers.stop();
        }
        Http http = new Http(survivor::port);
        keys.forEach(key -> key.read(() -> http.get(key.target())));
    }

    /** The others have gone on without it: it finds that out, and ends itself. */
    private static void awaitEndOf(NodeJvm node) throws InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAKES_WITHIN_SECONDS);
        while (node.isAlive()) {
            assertTrue(System.nanoTime() < giveUp, node::lastWords);
            Thread.sleep(LOOK_PAUSE_MILLIS);
        }
    }

    /** What is in place, by target: inode, time and size, or nothing. */
    private Map<String, String> look(List<String> targets) throws IOException {
        Map<String, String> found = new HashMap<>();
        for (String target : targets) {
            Path file = cluster.root().resolve(target.substring(1));
            try {
                BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
                found.put(target, is.fileKey() + " " + is.lastModifiedTime() + " " + is.size());
            } catch (NoSuchFileException none) {
                found.put(target, "nothing");
            }
        }
        return found;
    }

    /** A PUT whose body comes in two pieces. */
    private record SlowPut(RawSocket socket, int port, String target, Upload upload) implements AutoCloseable {
        SlowPut(int port, String target, Upload upload) throws IOException {
            this(new RawSocket(port), port, target, upload);
        }

        void sendHalf() throws IOException {
            byte[] body = upload.body();
            Map<String, String> headers = new LinkedHashMap<>();
            for (int i = 0; i < upload.headers().length; i += 2) {
                headers.put(upload.headers()[i], upload.headers()[i + 1]);
            }
            headers.put("content-length", Integer.toString(body.length));
            socket.head("PUT", target, Signer.sign("PUT", target, "127.0.0.1:" + port, headers, Signer.sha256(body)));
            socket.send(Arrays.copyOf(body, body.length / 2));
        }

        void sendRest() throws IOException {
            byte[] body = upload.body();
            socket.send(Arrays.copyOfRange(body, body.length / 2, body.length));
        }

        /** 0 where the connection ends without an answer. */
        int status() {
            try {
                return socket.answer().status();
            } catch (IOException none) {
                return 0;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
