package io.linchpin.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.linchpin.http.supervisor.StoreRest;
import io.linchpin.posix.KernelLock;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.store.layout.Names;
import io.linchpin.store.read.StoreFixture;
import io.linchpin.store.value.Stamp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
    private static final Map<String, String> KEYS =
            Map.of("LINCHPIN_ACCESS_KEY", "access", "LINCHPIN_SECRET_KEY", "secret-key");

    @TempDir
    Path root;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Map<String, String> environment, String... arguments) throws InterruptedException {
        out.reset();
        err.reset();
        return new Cli(stream(out), stream(err), environment).run(List.of(arguments));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void helpNamesEveryCommand() throws InterruptedException {
        assertEquals(ExitCode.OK, run(Map.of(), "help"));
        for (String command : List.of("up", "down", "node", "status", "env", "fsck", "torture", "version", "help")) {
            assertTrue(text(out).contains("linchpin " + command), command);
        }
    }

    @Test
    void whatIsNotUnderstoodHasASentenceAndAStatusOfItsOwn() throws InterruptedException {
        assertEquals(ExitCode.USAGE, run(Map.of(), "frobnicate"));
        assertTrue(text(err).contains("frobnicate"));
        assertEquals(ExitCode.USAGE, run(Map.of(), "status", "--xml"));
        assertTrue(text(err).contains("--xml"));
    }

    @Test
    void envCanBeEvaluatedWhateverTheSecretHolds() throws InterruptedException {
        Map<String, String> keys = Map.of("LINCHPIN_ACCESS_KEY", "access", "LINCHPIN_SECRET_KEY", "it's $(secret)");
        assertEquals(ExitCode.OK, run(keys, "env", "--root", root.toString()));
        assertTrue(text(out).contains("export AWS_SECRET_ACCESS_KEY='it'\\''s $(secret)'"), text(out));
        assertTrue(text(out).contains("export AWS_ENDPOINT_URL='http://127.0.0.1:9000'"), text(out));
    }

    @Test
    void envTakesATokenOfAnotherAccountOutOfTheShell() throws InterruptedException {
        assertEquals(ExitCode.OK, run(KEYS, "env", "--root", root.toString()));
        assertTrue(text(out).lines().anyMatch("unset AWS_SESSION_TOKEN"::equals), text(out));
        assertTrue(text(out).lines().allMatch(line -> line.matches("(export [A-Z_]+='.*'|unset [A-Z_]+)")), text(out));
    }

    @Test
    void whereNothingServesEnvSaysThatItGuesses() throws InterruptedException {
        assertEquals(ExitCode.OK, run(KEYS, "env", "--root", root.toString()));
        assertTrue(text(out).contains("export AWS_REGION='us-east-1'"), text(out));
        assertTrue(text(err).contains(root.toString()) && text(err).contains("http://127.0.0.1:9000"), text(err));
    }

    @Test
    void envNamesTheEndpointAndTheRegionOfTheSupervisor() throws InterruptedException, IOException {
        try (KernelLock _ =
                supervisor("{\"pid\": 4711, \"host\": \"0.0.0.0\", \"port\": 9321, \"region\": \"eu-north-1\"}")) {
            assertEquals(ExitCode.OK, run(KEYS, "env", "--root", root.toString()));
            assertTrue(text(out).contains("export AWS_ENDPOINT_URL='http://127.0.0.1:9321'"), text(out));
            assertTrue(text(out).contains("export AWS_REGION='eu-north-1'"), text(out));
            assertTrue(text(out).contains("export AWS_DEFAULT_REGION='eu-north-1'"), text(out));
            assertEquals("", text(err));
        }
    }

    @Test
    void whileAStoreIsRepairedItIsLeftAlone() throws Exception {
        ProcessHandle self = ProcessHandle.current();
        try (StoreRest _ = StoreRest.take(root)) {
            for (String command : List.of("up", "down", "env", "fsck --repair")) {
                List<String> words = new ArrayList<>(List.of(command.split(" ")));
                words.addAll(List.of("--root", root.toString()));
                assertEquals(ExitCode.REFUSED, run(KEYS, words.toArray(String[]::new)), command);
                assertTrue(text(err).contains("fsck --repair (pid " + self.pid() + ") is at work"), text(err));
                assertEquals("", text(out), command);
            }
            assertEquals(ExitCode.UNREACHABLE, run(Map.of(), "status", "--root", root.toString()));
            assertTrue(text(err).contains("fsck --repair (pid " + self.pid() + ") is at work"), text(err));
            assertEquals(ExitCode.UNREACHABLE, run(Map.of(), "status", "--json", "--root", root.toString()));
            assertFalse(new ObjectMapper().readTree(text(out)).has("endpoint"), text(out));
        }
    }

    /** Holds the supervisor's lock of the store, whose file says this. */
    private KernelLock supervisor(String json) throws IOException {
        Path file = root.resolve(Names.SUPERVISOR);
        Files.createDirectories(root.resolve(Names.HOME));
        KernelLock lock = KernelLock.tryAcquire(new NativePosix(), Posix.AT_FDCWD, file.toString())
                .orElseThrow();
        Files.writeString(file, json);
        return lock;
    }

    @Test
    void halfAPairOrATooShortOneIsRefusedInASentence() throws InterruptedException, IOException {
        Map<String, String> half = Map.of("LINCHPIN_ACCESS_KEY", "access");
        assertEquals(ExitCode.REFUSED, run(half, "env", "--root", root.toString()));
        assertTrue(text(err).startsWith("linchpin: Set both LINCHPIN_ACCESS_KEY and"), text(err));
        assertEquals("", text(out));
        assertEquals(ExitCode.REFUSED, run(half, "up", "--root", root.toString(), "--port", freePort()));
        assertTrue(text(err).startsWith("linchpin: Set both LINCHPIN_ACCESS_KEY and"), text(err));
        Map<String, String> tooShort = Map.of("LINCHPIN_ACCESS_KEY", "access", "LINCHPIN_SECRET_KEY", "secret");
        assertEquals(ExitCode.REFUSED, run(tooShort, "env", "--root", root.toString()));
        assertTrue(text(err).contains("a secret key has 8 to 128 characters"), text(err));
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    @Test
    void ofAStoreWithoutKeysEnvSaysSo() throws InterruptedException {
        assertEquals(ExitCode.REFUSED, run(Map.of(), "env", "--root", root.toString()));
        assertEquals("", text(out));
        assertTrue(text(err).contains("no credentials yet"));
    }

    @Test
    void statusAndDownOfAStoreThatNobodyServes() throws InterruptedException {
        assertEquals(ExitCode.UNREACHABLE, run(Map.of(), "status", "--root", root.toString()));
        assertTrue(text(err).contains("Nothing serves"));
        assertEquals(ExitCode.OK, run(Map.of(), "down", "--root", root.toString()));
    }

    @Test
    void fsckOfAnEmptyStoreFindsNothingAndOfNoStoreSaysSo() throws InterruptedException, IOException {
        assertEquals(ExitCode.REFUSED, run(Map.of(), "fsck", "--root", root.toString()));
        Files.createDirectories(root.resolve(".linchpin"));
        assertEquals(ExitCode.OK, run(Map.of(), "fsck", "--root", root.toString()), text(err));
        assertTrue(text(out).contains("all is well"), text(out));
    }

    @Test
    void fsckSaysWhatItFindsAndRepairsOnlyAtRest() throws InterruptedException, IOException {
        Files.createDirectories(root.resolve(".linchpin/displaced"));
        Files.writeString(root.resolve(".linchpin/displaced/report"), "by hand");
        assertEquals(ExitCode.DEGRADED, run(Map.of(), "fsck", "--root", root.toString()));
        assertTrue(text(out).contains(".linchpin/displaced/report"), text(out));
        assertEquals(ExitCode.DEGRADED, run(Map.of(), "fsck", "--json", "--root", root.toString()));
        JsonNode json = new ObjectMapper().readTree(text(out));
        assertEquals("Displaced", json.path("findings").path(0).path("kind").asText());
        Files.createDirectories(root.resolve(".linchpin/nodes"));
        NativePosix posix = new NativePosix();
        String formation = root.resolve(".linchpin/nodes/formation").toString();
        try (KernelLock _ =
                KernelLock.tryAcquire(posix, Posix.AT_FDCWD, formation).orElseThrow()) {
            assertEquals(ExitCode.REFUSED, run(Map.of(), "fsck", "--repair", "--root", root.toString()));
        }
        assertEquals(ExitCode.DEGRADED, run(Map.of(), "fsck", "--repair", "--root", root.toString()), text(err));
        assertTrue(text(out).contains("0 of 0 safe repairs made."), text(out));
    }

    @Test
    void fsckThatRepairsAllItFindsEndsWell() throws InterruptedException, IOException {
        Stamp old = new Stamp(1_700_000_000_000_000_001L);
        Stamp recent = new Stamp(1_700_000_000_000_000_065L);
        try (StoreFixture store = new StoreFixture(root)) {
            store.put(StoreFixture.object("a"), old, "old");
            store.put(StoreFixture.object("a"), recent, "new");
        }
        assertEquals(ExitCode.DEGRADED, run(Map.of(), "fsck", "--root", root.toString()), text(out));
        assertEquals(ExitCode.OK, run(Map.of(), "fsck", "--repair", "--root", root.toString()), text(out));
        assertTrue(text(out).contains("1 of 1 safe repairs made."), text(out));
        assertEquals(ExitCode.OK, run(Map.of(), "fsck", "--root", root.toString()), text(out));
    }

    @Test
    void statusTellsAnOutageFromNodesThatAreNotReady() throws IOException {
        assertEquals(ExitCode.UNREACHABLE, statusExit("'nodes': []"));
        assertEquals(ExitCode.UNREACHABLE, statusExit("'nodes': [{'answers': false, 'ready': false}]"));
        String starts = "{'answers': true, 'ready': false}";
        String ready = "{'answers': true, 'ready': true}";
        assertEquals(ExitCode.DEGRADED, statusExit("'nodes': [" + starts + "]"));
        assertEquals(ExitCode.DEGRADED, statusExit("'nodes': [" + starts + "], 'cluster': {}"));
        assertEquals(ExitCode.DEGRADED, statusExit("'nodes': [" + ready + "]"));
        assertEquals(
                ExitCode.DEGRADED,
                statusExit("'nodes': [" + ready + ", {'answers': false, 'ready': false}], 'cluster': {}"));
        assertEquals(
                ExitCode.DEGRADED, statusExit("'nodes': [" + ready + "], 'cluster': {'shards': [{'owner': null}]}"));
        assertEquals(ExitCode.OK, statusExit("'nodes': [" + ready + "], 'cluster': {'shards': [{'owner': 'a'}]}"));
    }

    private static int statusExit(String fields) throws IOException {
        return StatusCommand.exitStatus(new ObjectMapper().readTree("{" + fields.replace('\'', '"') + "}"));
    }

    @Test
    void statusIsATableWithWhatIsAmissInSentences() throws IOException {
        JsonNode status = new ObjectMapper().readTree("""
                {"root": "/srv/s3", "endpoint": "http://127.0.0.1:9000",
                 "nodes": [
                   {"incarnation": "00-aaaaaaaaaaaaaaaa", "pid": 11, "httpPort": 4001, "answers": true, "ready": true},
                   {"incarnation": "01-bbbbbbbbbbbbbbbb", "pid": 12, "httpPort": 4002, "answers": false, "ready": false}],
                 "cluster": {"ready": false, "waitingFor": ["1 of 2 shards are not served: 1."], "uploadsInFlight": 3,
                   "nodes": [{"incarnation": "00-aaaaaaaaaaaaaaaa", "membership": "Up", "uploadsInFlight": 3,
                     "journal": {"liveBytes": 1572864, "recordsInFlight": 2, "lastCheckpointEpochMillis": 5000}}],
                   "shards": [{"shard": 0, "owner": "00-aaaaaaaaaaaaaaaa"}, {"shard": 1, "owner": null}]}}
                """);
        StatusText.print(status, 9000, stream(out));
        assertEquals("""
                Store     /srv/s3
                Endpoint  http://127.0.0.1:9000
                Cluster   not ready: 1 of 2 shards served, 3 uploads in flight
                          1 of 2 shards are not served: 1.

                NODE                      PID   PORT  STATE           MEMBER    SHARDS UPLOADS  JOURNAL            CHECKPOINT
                00-aaaaaaaaaaaaaaaa        11   4001  ready           Up             1       3  1.5 MiB, 2 open    4 s ago
                01-bbbbbbbbbbbbbbbb        12   4002  does not answer -              0       -  -                  -
                """, text(out));
    }
}
