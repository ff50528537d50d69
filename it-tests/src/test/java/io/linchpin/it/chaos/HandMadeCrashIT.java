package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Crowd;
import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.Upload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A person changes files right after uploads, while their records are still in the journals, and then every node is killed:
 * the change is seen at once, without metadata of an upload, and the replay of the older records does not undo it.
 */
class HandMadeCrashIT {
    /** Of each kind, on both sides of what a record holds inline. */
    private static final int EACH = 6;

    private static final int HOT = 8;
    private static final String BY_PERSON = "by person";

    @Test
    void whatAPersonDidStandsAfterACrash() throws Exception {
        try (Cluster cluster = Nodes.startThree()) {
            Hands seen = new Hands(cluster, cluster.newBucket());
            seen.putAll();
            seen.work();
            seen.check();
            // The same once more, with no time for a checkpoint between the uploads and the crash.
            Hands unseen = new Hands(cluster, cluster.newBucket());
            String bucket = cluster.newBucket();
            List<Hot> hot = IntStream.range(0, HOT)
                    .mapToObj(i -> new Hot(cluster.http(), "/" + bucket + "/" + i))
                    .toList();
            workAndKill(cluster, unseen, hot);
            Nodes.restart(cluster.nodes());
            seen.check();
            unseen.check();
            hot.forEach(Hot::check);
        }
    }

    /** Changes files by hand right after uploads, and others while clients write them; kills all nodes in the same moment. */
    private static void workAndKill(Cluster cluster, Hands hands, List<Hot> keys) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = keys.stream()
                    .<Future<?>>map(key -> threads.submit(key::write))
                    .toList();
            hands.putAll();
            hands.work();
            for (Hot key : keys) {
                key.personReplaces(cluster.root().resolve(key.target.substring(1)));
            }
            Nodes.killAll(cluster);
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
    }

    /** A key that a client writes all the time until a person replaces its file and all nodes die. */
    private static final class Hot {
        private final Http http;
        private final String target;
        private volatile long sent;
        private volatile long acknowledged;
        /** What had been acknowledged before the person came, and after. */
        private long before;

        private long after;

        Hot(Http http, String target) {
            this.http = http;
            this.target = target;
        }

        void write() {
            for (long number = 1; ; number++) {
                Upload upload = new Upload(number);
                sent = number;
                Learned learned = Learned.of(200, () -> http.put(target, upload.body(), upload.headers()));
                if (!(learned instanceof Learned.Accepted)) {
                    return;
                }
                acknowledged = number;
            }
        }

        void personReplaces(Path file) throws IOException {
            Path beside = Files.writeString(file.resolveSibling(file.getFileName() + ".by-person"), BY_PERSON);
            before = acknowledged;
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            after = acknowledged;
        }

        /** The person's file, or an upload that came after it: none that had been acknowledged before comes back. */
        void check() {
            Http.Answer answer = http.get(target);
            String numbers = target + ": sent " + sent + ", acknowledged " + acknowledged + ", " + before
                    + " before and " + after + " after a person replaced it";
            if (answer.text().equals(BY_PERSON)) {
                assertNoUpload(answer);
                assertTrue(acknowledged <= after + 1, numbers);
            } else {
                assertEquals(200, answer.status(), answer::toString);
                long found = Upload.of(answer).number();
                assertTrue(found > before && found >= acknowledged && found <= sent, numbers + "; it holds " + found);
            }
        }
    }

    /** Nothing of an upload is in the answer. */
    private static void assertNoUpload(Http.Answer answer) {
        assertEquals(200, answer.status(), answer::toString);
        assertEquals("", answer.header("x-amz-meta-upload"), answer::toString);
        assertFalse(answer.header("content-type").startsWith("test/"), answer::toString);
        assertFalse(answer.etag().isEmpty(), answer::toString);
    }

    /** The person, and what the person did to which key. */
    private static final class Hands {
        private final Cluster cluster;
        private final String bucket;
        private final Path directory;
        private final Http http;

        Hands(Cluster cluster, String bucket) {
            this.cluster = cluster;
            this.bucket = bucket;
            this.directory = cluster.root().resolve(bucket);
            this.http = cluster.http();
        }

        private String target(String kind, int i) {
            return "/" + bucket + "/" + kind + "/" + i;
        }

        private Path file(String kind, int i) {
            return directory.resolve(kind).resolve(Integer.toString(i));
        }

        private void put(String kind, int i, long number) {
            Upload upload = new Upload(number);
            Http.Answer answer = http.put(target(kind, i), upload.body(), upload.headers());
            assertEquals(200, answer.status(), answer::toString);
        }

        /** Twice each, so that older records of the key are there too; all keys side by side, for the sake of speed. */
        void putAll() throws Exception {
            List<Crowd.Turn> turns = new ArrayList<>();
            for (String kind : List.of("edited", "replaced", "moved", "removed", "again")) {
                for (int i = 0; i < EACH; i++) {
                    int key = i;
                    turns.add(who -> {
                        put(kind, key, key);
                        put(kind, key, 100 + key);
                    });
                }
            }
            for (int i = 0; i < EACH; i++) {
                int key = i;
                turns.add(who -> {
                    put("deleted", key, key);
                    assertEquals(
                            204, http.send("DELETE", target("deleted", key)).status());
                });
            }
            Crowd.once(turns);
        }

        void work() throws IOException {
            Files.createDirectories(directory.resolve("added"));
            Files.createDirectories(directory.resolve("deleted"));
            Files.createDirectories(directory.resolve("moved-to"));
            for (int i = 0; i < EACH; i++) {
                Files.writeString(file("added", i), "added " + i);
                Files.writeString(file("deleted", i), "made where one was deleted " + i);
                Files.writeString(file("edited", i), "EDIT", StandardOpenOption.WRITE);
                Path beside = directory.resolve("beside");
                Files.writeString(beside, "replaced " + i);
                Files.move(beside, file("replaced", i), StandardCopyOption.REPLACE_EXISTING);
                Files.move(file("moved", i), file("moved-to", i));
                Files.delete(file("removed", i));
                Files.writeString(file("again", i), "by hand between uploads");
                put("again", i, 200 + i);
            }
        }

        /** GET, HEAD and listing, through every node. */
        void check() {
            for (int node = 0; node < 3; node++) {
                Http one = new Http(cluster.node(node)::port);
                String listing = one.get("/" + bucket + "?list-type=2").text();
                for (int i = 0; i < EACH; i++) {
                    foreign(one, listing, "added", i, "added " + i);
                    foreign(one, listing, "deleted", i, "made where one was deleted " + i);
                    foreign(one, listing, "replaced", i, "replaced " + i);
                    String before = new String(new Upload(100 + i).body(), StandardCharsets.US_ASCII);
                    foreign(one, listing, "edited", i, "EDIT" + before.substring(4));
                    foreign(one, listing, "moved-to", i, before);
                    gone(one, listing, "moved", i);
                    gone(one, listing, "removed", i);
                    assertEquals(new Upload(200 + i), Upload.of(one.get(target("again", i))));
                }
            }
        }

        private void foreign(Http one, String listing, String kind, int i, String body) {
            Http.Answer answer = one.get(target(kind, i));
            assertEquals(body, answer.text(), () -> target(kind, i));
            assertNoUpload(answer);
            assertEquals(answer.etag(), one.send("HEAD", target(kind, i)).etag());
            assertTrue(listing.contains("<Key>" + kind + "/" + i + "</Key>"), () -> target(kind, i) + " is listed");
            assertTrue(listing.contains(answer.etag()), () -> "the ETag of " + target(kind, i) + " is listed");
        }

        private void gone(Http one, String listing, String kind, int i) {
            assertEquals(404, one.get(target(kind, i)).status(), () -> target(kind, i));
            assertEquals(404, one.send("HEAD", target(kind, i)).status());
            assertFalse(
                    listing.contains("<Key>" + kind + "/" + i + "</Key>"), () -> target(kind, i) + " is not listed");
        }
    }
}
