package io.linchpin.it.races;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.ClusterTest;
import io.linchpin.it.harness.Crowd;
import io.linchpin.it.harness.Full;
import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.Upload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One key, 64 writers, three nodes, each asked on its own port. */
@ClusterTest
class OneKeyIT {
    private static final int WRITERS = 64;
    private static final int READERS = 12;
    private static final int SECONDS = Full.or(30, 6);
    private static final long ABSENT = -1;

    private final Cluster cluster;
    private final Http http;
    private final AtomicLong numbers = new AtomicLong();
    private String key = "";

    OneKeyIT(Cluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    /** A mutation that was acknowledged: when it was sent, when its answer came. */
    private record Acknowledged(long upload, long sentNanos, long answeredNanos) {}

    private final ConcurrentLinkedQueue<Acknowledged> history = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void freshKey() {
        key = "/" + cluster.newBucket() + "/hot/key";
    }

    private void acknowledge(long upload, long sent) {
        history.add(new Acknowledged(upload, sent, System.nanoTime()));
    }

    private void put() {
        Upload upload = new Upload(numbers.incrementAndGet());
        long sent = System.nanoTime();
        Http.Answer answer = http.put(key, upload.body(), upload.headers());
        assertEquals(200, answer.status(), answer::toString);
        assertEquals(Upload.md5(upload.body()), answer.etag());
        acknowledge(upload.number(), sent);
    }

    private void delete() {
        long sent = System.nanoTime();
        Http.Answer answer = http.send("DELETE", key);
        assertEquals(204, answer.status(), answer::toString);
        acknowledge(ABSENT, sent);
    }

    private void copyFrom(String source, long upload) {
        long sent = System.nanoTime();
        Http.Answer answer = http.send("PUT", key, Map.of("x-amz-copy-source", source), new byte[0]);
        assertEquals(200, answer.status(), answer::toString);
        acknowledge(upload, sent);
    }

    private void read(AtomicInteger reads) {
        Http.Answer answer = http.get(key);
        if (answer.status() != 404) {
            assertEquals(200, answer.status(), answer::toString);
            Upload.of(answer);
            reads.incrementAndGet();
        }
    }

    /** What is there is an acknowledged write after which none that began later was acknowledged. */
    private void assertTheLastStands() throws Exception {
        long lastSent =
                history.stream().mapToLong(Acknowledged::sentNanos).max().orElseThrow();
        for (int i = 0; i < 3; i++) {
            Http.Answer answer = new Http(cluster.node(i)::port).get(key);
            long found = answer.status() == 404 ? ABSENT : Upload.of(answer).number();
            assertTrue(
                    history.stream().anyMatch(one -> one.upload == found && one.answeredNanos >= lastSent),
                    "node " + i + " shows upload " + found + ", after which others were sent and acknowledged");
            if (found != ABSENT) {
                assertArrayEquals(
                        new Upload(found).body(),
                        Files.readAllBytes(cluster.root().resolve(key.substring(1))));
            }
        }
    }

    @Test
    void overwritesNeverMix() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        put();
        List<Crowd.Turn> turns = new ArrayList<>(Collections.nCopies(WRITERS, who -> put()));
        turns.addAll(Collections.nCopies(READERS, who -> read(reads)));
        Crowd.forSeconds(SECONDS, turns);
        System.out.println(history.size() + " PUTs and " + reads + " GETs of one key in " + SECONDS + " s, no mixture");
        assertTheLastStands();
    }

    @Test
    void overwritesDeletesAndCopiesNeverMix() throws Exception {
        String bucket = key.substring(0, key.indexOf('/', 1));
        List<Crowd.Turn> turns = new ArrayList<>(Collections.nCopies(WRITERS / 2, who -> put()));
        turns.addAll(Collections.nCopies(WRITERS / 4, who -> delete()));
        for (int i = 0; i < WRITERS / 4; i++) {
            Upload source = new Upload(1_000_000 + i);
            String from = bucket + "/source-" + i;
            assertEquals(200, http.put(from, source.body(), source.headers()).status());
            turns.add(who -> copyFrom(from, source.number()));
        }
        AtomicInteger reads = new AtomicInteger();
        turns.addAll(Collections.nCopies(READERS, who -> read(reads)));
        Crowd.forSeconds(SECONDS, turns);
        System.out.println(
                history.size() + " PUTs, DELETEs and copies and " + reads + " GETs in " + SECONDS + " s, no mixture");
        assertTheLastStands();
    }

    @Test
    void ofManyThatCreateExactlyOneDoes() throws Exception {
        int rounds = Full.or(1_000, 200);
        String bucket = key.substring(0, key.indexOf('/', 1));
        for (int round = 0; round < rounds; round++) {
            String fresh = bucket + "/create-" + round;
            ConcurrentLinkedQueue<Upload> created = new ConcurrentLinkedQueue<>();
            Crowd.once(Collections.nCopies(32, who -> {
                Upload upload = new Upload(who);
                Http.Answer answer = http.send(
                        "PUT",
                        fresh,
                        Map.of("if-none-match", "*", "x-amz-meta-upload", "" + who, "content-type", "test/u" + who),
                        upload.body());
                if (answer.status() == 200) {
                    created.add(upload);
                } else {
                    assertEquals(412, answer.status(), answer::toString);
                }
            }));
            assertEquals(1, created.size(), "round " + round);
            assertEquals(created.peek(), Upload.of(http.get(fresh)));
        }
    }

    @Test
    void noIncrementIsLost() throws Exception {
        http.put(key, "0".getBytes(StandardCharsets.US_ASCII));
        int each = Full.or(100, 25);
        AtomicInteger refused = new AtomicInteger();
        Crowd.once(Collections.nCopies(8, who -> {
            for (int i = 0; i < each; i++) {
                while (!increment()) {
                    refused.incrementAndGet();
                }
            }
        }));
        assertEquals(Integer.toString(8 * each), http.get(key).text());
        System.out.println(8 * each + " increments by If-Match, " + refused + " refused and done again, none lost");
    }

    private boolean increment() {
        Http.Answer now = http.get(key);
        assertEquals(200, now.status(), now::toString);
        byte[] next = Integer.toString(Integer.parseInt(now.text()) + 1).getBytes(StandardCharsets.US_ASCII);
        Http.Answer answer = http.put(key, next, "if-match", now.header("etag"));
        if (answer.status() != 200) {
            assertEquals(412, answer.status(), answer::toString);
        }
        return answer.status() == 200;
    }
}
