package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.NodeJvm;
import io.linchpin.it.harness.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two nodes on a filesystem of 400 MiB, filled by uploads and by a person. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FullDiskIT {
    /** Two journals of two segments, the reserve of uploads, and some 200 MiB. */
    private static final int DISK_MIB = 400;

    private static final int OBJECT_BYTES = 8 << 20;
    private static final int MOST_OBJECTS = DISK_MIB / 8;
    private static final int FREED_WITHIN_SECONDS = 60;
    private static final int CHECKPOINTS_MILLIS = 5_000;

    private SmallDisk disk;
    private Cluster cluster;
    private Http http;

    @BeforeAll
    void mount() throws Exception {
        disk = SmallDisk.mount(DISK_MIB);
        try {
            cluster = Cluster.startOver(disk.path(), 2, Nodes.settings());
        } catch (Exception failed) {
            disk.close();
            throw failed;
        }
        http = cluster.http();
    }

    @AfterAll
    void unmount() throws Exception {
        // Nothing was mounted where an assumption failed.
        if (cluster == null) {
            return;
        }
        try {
            AtRest.assertClean(cluster);
        } finally {
            cluster.close();
            disk.close();
        }
    }

    private static byte[] body(int number) {
        byte[] body = new byte[OBJECT_BYTES];
        Arrays.fill(body, (byte) number);
        return body;
    }

    private static void assertNoRoom(Http.Answer answer) {
        assertEquals(507, answer.status(), answer::toString);
        assertEquals("InsufficientStorage", answer.code(), answer::toString);
    }

    /** Uploads until there is no room; how many there was room for. */
    private int fill(String bucket) {
        for (int i = 0; i < MOST_OBJECTS; i++) {
            Http.Answer answer = http.put("/" + bucket + "/" + i, body(i));
            if (answer.status() != 200) {
                assertNoRoom(answer);
                return i;
            }
        }
        throw new AssertionError(MOST_OBJECTS + " objects fit on a small disk");
    }

    private void assertReadable(String bucket, int from, int to) {
        for (int i = from; i < to; i++) {
            assertArrayEquals(body(i), http.get("/" + bucket + "/" + i).body(), "object " + i);
        }
    }

    private void awaitRoom(String target) throws InterruptedException {
        long from = System.nanoTime();
        Http.Answer answer = http.put(target, body(1));
        while (answer.status() != 200) {
            assertNoRoom(answer);
            assertTrue(
                    System.nanoTime() - from < TimeUnit.SECONDS.toNanos(FREED_WITHIN_SECONDS),
                    "space does not come back");
            Thread.sleep(100);
            answer = http.put(target, body(1));
        }
        System.out.println("uploads are taken again " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from)
                + " ms after space was freed");
    }

    private void assertAllLive() {
        for (NodeJvm node : cluster.nodes()) {
            assertTrue(node.isAlive(), node::lastWords);
            assertEquals(200, new Http(node::port).get("/-/ready").status());
        }
    }

    private void deleteAll(String bucket, int from, int to) {
        for (int i = from; i < to; i++) {
            Http.Answer answer = http.send("DELETE", "/" + bucket + "/" + i);
            assertEquals(204, answer.status(), answer::toString);
        }
    }

    @Test
    void uploadsThatFillTheDiskAreRefusedAndLeaveNothing() throws Exception {
        String bucket = cluster.newBucket();
        TwoParts parts = new TwoParts(1);
        String id = parts.begin(http, "/" + bucket + "/parts");
        int stored = fill(bucket);
        String refused = "/" + bucket + "/" + stored;
        System.out.println(stored + " objects of 8 MiB, then 507");
        // Until what is left is too little for small ones as well.
        Http.Answer small = http.put("/" + bucket + "/small/0", new byte[1 << 20]);
        int smalls = 0;
        while (small.status() == 200 && smalls < 1_000) {
            small = http.put("/" + bucket + "/small/" + ++smalls, new byte[1 << 20]);
        }
        assertNoRoom(small);
        // Not as small as the last one that was refused: what is freed behind it may make room for a MiB again.
        assertNoRoom(http.put("/" + bucket + "/parts?partNumber=1&uploadId=" + id, new byte[OBJECT_BYTES]));
        assertNoRoom(http.put("/" + bucket + "/longer", new byte[64 << 20]));
        assertEquals(404, http.get(refused).status());
        assertFalse(Files.exists(disk.path().resolve(refused.substring(1))));
        assertFalse(http.get("/" + bucket + "?list-type=2").text().contains("<Key>" + stored + "</Key>"));
        AtRest.awaitNothingLeft(disk.path());
        assertReadable(bucket, 0, stored);
        assertAllLive();
        deleteAll(bucket, 0, stored / 2);
        awaitRoom(refused);
        assertReadable(bucket, stored / 2, stored);
        deleteAll(bucket, stored / 2, stored + 1);
        for (int i = 0; i < smalls; i++) {
            assertEquals(204, http.send("DELETE", "/" + bucket + "/small/" + i).status());
        }
        assertEquals(
                204, http.send("DELETE", "/" + bucket + "/parts?uploadId=" + id).status());
    }

    /** Parts that leave numbers out cannot be moved into place: completing copies them, and needs as much again. */
    @Test
    void aCompletionThatMustCopyLeavesTheReserveToo() throws Exception {
        String bucket = cluster.newBucket();
        String target = "/" + bucket + "/gaps";
        String begun = http.send("POST", target + "?uploads=").text();
        String id = begun.substring(begun.indexOf("<UploadId>") + 10, begun.indexOf("</UploadId>"));
        StringBuilder list = new StringBuilder("<CompleteMultipartUpload>");
        for (int part = 2; part <= 8; part += 2) {
            Http.Answer sent = http.put(target + "?partNumber=" + part + "&uploadId=" + id, body(part));
            assertEquals(200, sent.status(), sent::toString);
            list.append("<Part><PartNumber>" + part + "</PartNumber><ETag>" + sent.etag() + "</ETag></Part>");
        }
        byte[] complete = list.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.US_ASCII);
        int stored = fill(bucket);
        assertNoRoom(http.send("POST", target + "?uploadId=" + id, Map.of(), complete));
        assertEquals(404, http.get(target).status());
        AtRest.awaitNothingLeft(disk.path());
        assertAllLive();
        deleteAll(bucket, 0, stored);
        awaitRoom("/" + bucket + "/0");
        Http.Answer completed = http.send("POST", target + "?uploadId=" + id, Map.of(), complete);
        assertEquals(200, completed.status(), completed::toString);
        byte[] whole = http.get(target).body();
        for (int part = 2; part <= 8; part += 2) {
            int from = (part / 2 - 1) * OBJECT_BYTES;
            assertArrayEquals(body(part), Arrays.copyOfRange(whole, from, from + OBJECT_BYTES));
        }
        assertEquals(204, http.send("DELETE", target).status());
        deleteAll(bucket, 0, 1);
    }

    @Test
    void aPersonFillsTheDiskToItsLastByte() throws Exception {
        String bucket = cluster.newBucket();
        for (int i = 0; i < 4; i++) {
            assertEquals(200, http.put("/" + bucket + "/" + i, body(i)).status());
        }
        Upload little = new Upload(0);
        assertEquals(
                200,
                http.put("/" + bucket + "/little", little.body(), little.headers())
                        .status());
        Path foreign = disk.path().resolve("foreign.bin");
        fillWith(foreign);
        try {
            assertNoRoom(http.put("/" + bucket + "/0", body(9)));
            assertNoRoom(http.put("/" + bucket + "/little", new byte[10]));
            assertReadable(bucket, 0, 4);
            assertEquals(little, Upload.of(http.get("/" + bucket + "/little")));
            deleteAll(bucket, 3, 4);
            Thread.sleep(CHECKPOINTS_MILLIS);
            assertAllLive();
            assertReadable(bucket, 0, 3);
        } finally {
            Files.delete(foreign);
        }
        awaitRoom("/" + bucket + "/0");
        deleteAll(bucket, 0, 3);
        assertAllLive();
    }

    /** Writes zeros until the kernel has no room for another byte. */
    private static void fillWith(Path file) throws IOException {
        List<StandardOpenOption> options = List.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(file, options.toArray(StandardOpenOption[]::new))) {
            for (int size = 1 << 20; size >= 1; size /= 2) {
                ByteBuffer zeros = ByteBuffer.allocate(size);
                try {
                    while (true) {
                        out.write(zeros.clear());
                    }
                } catch (IOException full) {
                    // Less may fit yet.
                }
            }
            out.force(true);
        }
    }
}
