package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.NodeJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Makes trouble for a cluster, one thing after the other, by the chance of a seed. */
final class Monkey implements AutoCloseable {
    /** Part of the names of what a person writes: the sidecars of what was there before stay, and a check says so. */
    static final String BY_HAND = "by-hand-";

    private static final int PAUSE_MILLIS = 1_500;
    private static final int LEAST_SHARDS = 4;
    private static final int BALLAST_CHUNK = 1 << 20;
    private static final int LONGEST_UNNOTICED_SECONDS = 10;
    private static final int POLL_MILLIS = 20;

    /** Before the disk fails: its nodes have just started. */
    private static final int LONGEST_CALM_MILLIS = 6_000;

    private final Cluster cluster;
    private final Random random;
    private final String bucket;
    private final Optional<FailingDisk> disk;
    private final int longestStandstillMillis;
    private final List<Trouble> troubles;
    private final Optional<Freezer> freezer = Freezer.make();
    private final Map<Trouble, Integer> made = new EnumMap<>(Trouble.class);
    private int edits;
    private int endedOfTheDisk;

    /**
     * @param disk under the store, where it can be made to fail
     * @param troubles of which it makes each sooner or later
     * @param longestStandstillMillis how long a node stands still at most
     */
    Monkey(
            Cluster cluster,
            Optional<FailingDisk> disk,
            long seed,
            List<Trouble> troubles,
            int longestStandstillMillis) {
        this.disk = disk;
        this.cluster = cluster;
        this.random = new Random(seed);
        this.bucket = cluster.newBucket();
        this.longestStandstillMillis = longestStandstillMillis;
        this.troubles = freezer.isPresent()
                ? troubles
                : troubles.stream().filter(one -> one != Trouble.FREEZE).toList();
        if (freezer.isEmpty() && troubles.contains(Trouble.FREEZE)) {
            System.out.println("no control group can be made here (it takes root): nothing will be frozen");
        }
    }

    /** Makes trouble once: of the kinds that came least. Returns when the cluster has its three nodes again. */
    void once() throws Exception {
        int least = troubles.stream()
                .mapToInt(one -> made.getOrDefault(one, 0))
                .min()
                .orElseThrow();
        List<Trouble> next = troubles.stream()
                .filter(one -> made.getOrDefault(one, 0) == least)
                .toList();
        Trouble trouble = next.get(random.nextInt(next.size()));
        NodeJvm victim = cluster.node(random.nextInt(cluster.nodes().size()));
        System.out.println("trouble: " + trouble + " " + victim.pid());
        make(trouble, victim);
        made.merge(trouble, 1, Integer::sum);
        Thread.sleep(random.nextInt(PAUSE_MILLIS));
    }

    private void make(Trouble trouble, NodeJvm victim) throws Exception {
        switch (trouble) {
            case KILL -> {
                victim.kill();
                victim.restart();
            }
            case STOP -> {
                Nodes.stop(victim);
                try {
                    Thread.sleep(standstill());
                } finally {
                    victim.resume();
                }
            }
            case FREEZE -> freeze(freezer.orElseThrow(), victim);
            case LEAVE -> leaveAndJoin(victim);
            case ROLL -> {
                for (NodeJvm node : cluster.nodes()) {
                    leaveAndJoin(node);
                }
            }
            case FILL -> fill();
            case BREAK -> breakDisk(disk.orElseThrow());
            case EDIT -> edit(victim);
        }
    }

    private int standstill() {
        return 500 + random.nextInt(longestStandstillMillis - 500);
    }

    private void freeze(Freezer into, NodeJvm victim) throws Exception {
        into.freeze(victim.pid());
        try {
            Thread.sleep(standstill());
        } finally {
            into.thaw(victim.pid());
        }
    }

    private void leaveAndJoin(NodeJvm node) throws Exception {
        // Of a node that owns nothing the leaving tells nothing.
        Owners.spread(cluster, LEAST_SHARDS);
        assertEquals(AtRest.ENDED_BY_SIGTERM, node.terminate(), node::lastWords);
        node.restart();
    }

    private void fill() throws Exception {
        Path ballast = cluster.root().resolve("ballast.bin");
        try (FileChannel out = FileChannel.open(ballast, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(BALLAST_CHUNK);
            while (true) {
                out.write(zeros.clear());
            }
        } catch (IOException full) {
            Thread.sleep(standstill());
        } finally {
            Files.deleteIfExists(ballast);
        }
    }

    /**
     * An owner whose journal cannot be synced ends; the others are killed, and all of them where the clients are done and
     * nobody has had anything to write.
     */
    private void breakDisk(FailingDisk failing) throws Exception {
        Thread.sleep(random.nextInt(LONGEST_CALM_MILLIS));
        failing.fail();
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_UNNOTICED_SECONDS);
        boolean ended = false;
        while (!ended && System.nanoTime() < giveUp) {
            ended = !cluster.nodes().stream().allMatch(NodeJvm::isAlive);
            Thread.sleep(POLL_MILLIS);
        }
        if (ended) {
            endedOfTheDisk++;
        }
        Nodes.killAll(cluster);
        failing.repair();
        Nodes.restart(cluster.nodes());
    }

    private void edit(NodeJvm node) throws IOException {
        String name = BY_HAND + random.nextInt(3);
        String target = "/" + bucket + "/" + name;
        Http http = new Http(node::port);
        // What is replaced has metadata, which must not be shown for what is put in its place.
        Learned put = Learned.of(200, () -> http.put(target, new byte[] {1}, "x-amz-meta-upload", "stale"));
        if (!(put instanceof Learned.Accepted)) {
            return;
        }
        String text = "edit " + ++edits;
        Path file = cluster.root().resolve(bucket).resolve(name);
        Path fresh = file.resolveSibling(name + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        Http.Answer answer = http.get(target);
        assertEquals(200, answer.status(), answer::toString);
        assertEquals(text, answer.text());
        assertEquals("", answer.header("x-amz-meta-upload"));
    }

    /** How many times a node has ended by itself of a disk that failed. */
    int endedOfTheDisk() {
        return endedOfTheDisk;
    }

    @Override
    public void close() throws IOException {
        if (freezer.isPresent()) {
            freezer.get().close();
        }
    }

    @Override
    public String toString() {
        return made.toString();
    }
}
