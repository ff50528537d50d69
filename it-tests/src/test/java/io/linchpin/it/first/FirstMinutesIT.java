package io.linchpin.it.first;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** From sources to a cluster that a client uses, whose node dies, which is stopped and started again. */
class FirstMinutesIT {
    private static final int BUILD_LIMIT_SECONDS = 480;
    private static final int PAUSE_MILLIS = 200;
    private static final Pattern EXPORT = Pattern.compile("export ([A-Z_]+)='?([^'\\n]+)'?");
    private static final Pattern PID = Pattern.compile("node (\\d) +ready +pid (\\d+)");

    @Test
    void aStrangersFirstMinutes() throws Exception {
        Path home = Path.of("target", "first-minutes").toAbsolutePath();
        try (Checkout checkout = new Checkout(home)) {
            Path root = home.resolve("store");
            int port = freePort();
            Process up = up(checkout, "first.out", root, port, "First start of this version");
            firstObject(checkout, root);
            aSecondIsRefused(checkout, root);
            aDeadNodeComesBack(checkout, root, home.resolve("first.out"));
            checkout.run(0, "down", "--root", root.toString());
            assertTrue(up.waitFor(60, TimeUnit.SECONDS));
            assertTrue(checkout.run(0, "fsck", "--root", root.toString()).contains("1 objects"));

            up = up(checkout, "second.out", root, port, "Linchpin ");
            assertFalse(Files.readString(home.resolve("second.out")).contains("building"));
            try (S3Client s3 = client(checkout, root)) {
                assertEquals("hello", read(s3));
            }
            up.destroy();
            assertTrue(up.waitFor(60, TimeUnit.SECONDS));
        }
    }

    private static Process up(Checkout checkout, String output, Path root, int port, String begins) throws Exception {
        Path file = checkout.home().resolve(output);
        Process up = checkout.start(file, "up", "--root", root.toString(), "--port", Integer.toString(port));
        awaitText(up, file, "Ctrl-C stops all nodes.");
        String shown = Files.readString(file);
        assertTrue(shown.startsWith(begins), shown);
        assertTrue(shown.contains("http://127.0.0.1:" + port), shown);
        return up;
    }

    private static void awaitText(Process process, Path file, String text) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(BUILD_LIMIT_SECONDS).toNanos();
        while (!Files.readString(file).contains(text)) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new AssertionError("no '" + text + "' in\n" + Files.readString(file));
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static void firstObject(Checkout checkout, Path root) throws Exception {
        try (S3Client s3 = client(checkout, root)) {
            s3.createBucket(b -> b.bucket("first"));
            s3.putObject(b -> b.bucket("first").key("greeting.txt"), RequestBody.fromString("hello"));
            assertEquals("hello", read(s3));
        }
        assertEquals("hello", Files.readString(root.resolve("first/greeting.txt")));
        String status = checkout.run(0, "status", "--root", root.toString());
        assertTrue(status.contains("3") && status.contains("24"), status);
    }

    private static String read(S3Client s3) {
        return s3.getObjectAsBytes(b -> b.bucket("first").key("greeting.txt")).asUtf8String();
    }

    private static S3Client client(Checkout checkout, Path root) throws Exception {
        Map<String, String> exports = new HashMap<>();
        Matcher line = EXPORT.matcher(checkout.run(0, "env", "--root", root.toString()));
        while (line.find()) {
            exports.put(line.group(1), line.group(2));
        }
        return S3Client.builder()
                .endpointOverride(URI.create(exports.get("AWS_ENDPOINT_URL")))
                .region(Region.of(exports.get("AWS_DEFAULT_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        exports.get("AWS_ACCESS_KEY_ID"), exports.get("AWS_SECRET_ACCESS_KEY"))))
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(60)))
                .build();
    }

    private static void aSecondIsRefused(Checkout checkout, Path root) throws Exception {
        String said = checkout.run(3, "up", "--root", root.toString(), "--port", Integer.toString(freePort()));
        assertTrue(said.startsWith("linchpin: ") && said.contains(root.toString()), said);
    }

    private static void aDeadNodeComesBack(Checkout checkout, Path root, Path output) throws Exception {
        Matcher node = PID.matcher(Files.readString(output));
        assertTrue(node.find());
        long pid = Long.parseLong(node.group(2));
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!allReady(checkout, root, pid)) {
            assertTrue(System.nanoTime() - end < 0, () -> "not ready again\n" + text(output));
            Thread.sleep(PAUSE_MILLIS);
        }
        try (S3Client s3 = client(checkout, root)) {
            assertEquals("hello", read(s3));
        }
    }

    private static boolean allReady(Checkout checkout, Path root, long deadPid) throws Exception {
        Path output = checkout.home().resolve("status.out");
        Process status = checkout.start(output, "status", "--root", root.toString());
        assertTrue(status.waitFor(60, TimeUnit.SECONDS));
        return status.exitValue() == 0 && !Files.readString(output).contains(Long.toString(deadPid));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
