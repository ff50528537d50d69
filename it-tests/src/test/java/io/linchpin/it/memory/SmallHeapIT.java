package io.linchpin.it.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.Signer;
import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.ClusterTest;
import io.linchpin.it.harness.Full;
import io.linchpin.it.harness.Http;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** One node of 256 MiB. */
@ClusterTest(nodes = 1)
class SmallHeapIT {
    private static final int CLIENTS = 32;
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

    private final Cluster cluster;

    SmallHeapIT(Cluster cluster) {
        this.cluster = cluster;
    }

    /** 5 GiB in the long run, 320 MiB otherwise: in both more than the heap. */
    @Test
    void aBodyLargerThanTheHeap() throws Exception {
        long bytes = Full.isFull() ? 5L << 30 : 320L << 20;
        String target = "/" + cluster.newBucket() + "/large";
        int port = cluster.node(0).port();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target));
        Signer.sign("PUT", target, "127.0.0.1:" + port, Map.of(), "UNSIGNED-PAYLOAD")
                .forEach((name, value) -> {
                    if (!name.equals("host")) {
                        request.header(name, value);
                    }
                });
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.fromPublisher(
                HttpRequest.BodyPublishers.ofInputStream(() -> new Zeros(bytes)), bytes);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request.PUT(body).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer::body);
        }
        assertEquals(bytes, Files.size(cluster.root().resolve(target.substring(1))));
    }

    /** 100,000 keys in the long run, 10,000 otherwise: what stays in the heap does not grow with them. */
    @Test
    void manyKeysLeaveNothingBehind() throws Exception {
        int keys = Full.or(100_000, 10_000);
        String bucket = cluster.newBucket();
        put(bucket, 0, keys / 10);
        long before = liveBytes();
        put(bucket, keys / 10, keys);
        long grown = liveBytes() - before;
        System.out.println("live heap grew by " + grown / 1024 + " KiB over " + keys * 9L / 10 + " more keys");
        assertTrue(grown < 48L << 20, "grew by " + grown + " bytes");
    }

    private void put(String bucket, int from, int to) throws Exception {
        Http http = cluster.http();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int first = from + client;
                running.add(clients.submit(() -> {
                    for (int i = first; i < to; i += CLIENTS) {
                        byte[] body = ("body " + i).getBytes(StandardCharsets.US_ASCII);
                        assertEquals(
                                200,
                                http.put("/" + bucket + "/" + i % 100 + "/" + i, body)
                                        .status());
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    /** What the node's heap holds after a full collection. */
    private long liveBytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        return jcmd("GC.class_histogram")
                .lines()
                .filter(line -> line.startsWith("Total"))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[2]))
                .findFirst()
                .orElseThrow();
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        JCMD.toString(), Long.toString(cluster.node(0).pid()), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    /** So many bytes of nothing, made as they are read. */
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long bytes) {
            this.left = bytes;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left <= 0) {
                return length == 0 ? 0 : -1;
            }
            int count = (int) Math.min(length, left);
            Arrays.fill(into, offset, offset + count, (byte) 0);
            left -= count;
            return count;
        }
    }
}
