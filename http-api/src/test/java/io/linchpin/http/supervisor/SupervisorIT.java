package io.linchpin.http.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.linchpin.posix.ProcessCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real supervisor process over processes that look like nodes to it. */
class SupervisorIT {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path root;

    private int port;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void pickPort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void leaveNothingBehind() throws IOException {
        started.forEach(Process::destroyForcibly);
        for (StoreNodes.Living node : StoreNodes.living(root)) {
            ProcessHandle.of(node.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** A supervisor and what it says. */
    private record Up(Process process, BlockingQueue<String> lines) {
        String await(String part) throws InterruptedException {
            List<String> seen = new ArrayList<>();
            for (String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    line != null;
                    line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                seen.add(line);
                if (line.contains(part)) {
                    return line;
                }
            }
            return fail("never said '" + part + "' but " + seen);
        }
    }

    private Up up(int nodes) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeUp.class.getName(),
                        root.toString(),
                        Integer.toString(port),
                        Integer.toString(nodes))
                .redirectErrorStream(true)
                .start();
        started.add(process);
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        BufferedReader reader = process.inputReader();
        Thread.ofVirtual().start(() -> reader.lines().forEach(lines::add));
        return new Up(process, lines);
    }

    private Up upAndServing(int nodes) throws IOException, InterruptedException {
        Up up = up(nodes);
        up.await("Ctrl-C stops");
        return up;
    }

    private static void signal(long pid, int signal) {
        assertEquals(0, ProcessCalls.kill(Math.toIntExact(pid), signal));
    }

    private List<Long> pids() throws IOException {
        return StoreNodes.living(root).stream().map(StoreNodes.Living::pid).toList();
    }

    /** The pid of whoever answers a new connection; a connection that hangs fails. */
    private long whoAnswers() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            return Long.parseLong(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    private Set<Long> answering(int connections) throws IOException {
        Set<Long> pids = new HashSet<>();
        for (int i = 0; i < connections; i++) {
            pids.add(whoAnswers());
        }
        return pids;
    }

    @Test
    void nodesAreStartedAndStoppedAndTheKeysAreShownTheFirstTimeOnly() throws IOException, InterruptedException {
        Up first = up(2);
        first.await("node ");
        String secret = first.await("Secret key").replace("Secret key", "").strip();
        assertTrue(Files.readString(root.resolve(".linchpin/users/root.json")).contains(secret));
        first.await("Ctrl-C stops");
        assertEquals(2, pids().size());
        signal(first.process().pid(), ProcessCalls.SIGTERM);
        first.await("Stopped.");
        assertTrue(first.process().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(List.of(), pids());

        Up second = up(2);
        for (String line = second.await(""); !line.contains("Ctrl-C stops"); line = second.await("")) {
            assertFalse(line.contains(secret), line);
        }
    }

    @Test
    void aKilledNodeIsStartedAgain() throws IOException, InterruptedException {
        Up up = upAndServing(2);
        long victim = pids().getFirst();
        signal(victim, ProcessCalls.SIGKILL);
        up.await("was killed (SIGKILL) (pid " + victim + ")");
        up.await("ready");
        assertEquals(2, pids().size());
        assertFalse(pids().contains(victim));
    }

    @Test
    void connectionsDoNotGoToAStoppedNodeAndItIsReplacedWhenItWakes() throws IOException, InterruptedException {
        Up up = upAndServing(2);
        long stopped = pids().getFirst();
        signal(stopped, ProcessCalls.SIGSTOP);
        up.await("is stopped (pid " + stopped + ")");
        assertFalse(answering(40).contains(stopped));
        signal(stopped, ProcessCalls.SIGCONT);
        up.await("answers again");
        up.await("ready");
        assertFalse(pids().contains(stopped));
        assertEquals(2, pids().size());
    }

    @Test
    void nodesOutliveAKilledSupervisorAndTheNextTakesThemOver() throws IOException, InterruptedException {
        Up first = upAndServing(2);
        List<Long> nodes = pids();
        first.process().destroyForcibly().waitFor();
        assertTrue(nodes.contains(whoAnswers()));
        Up second = up(2);
        second.await("2 left by a former supervisor");
        second.await("Ctrl-C stops");
        assertEquals(nodes, pids());
        signal(nodes.getLast(), ProcessCalls.SIGKILL);
        second.await("starting it again");
        second.await("ready");
        assertEquals(2, pids().size());
    }

    @Test
    void aStoreInUseIsRefusedByNameOfItsUser() throws IOException, InterruptedException {
        Up first = upAndServing(1);
        Up second = up(1);
        String refusal = second.await("REFUSED");
        assertTrue(refusal.contains("pid " + first.process().pid()), refusal);
        assertEquals(1, pids().size());
    }

    @Test
    void aNodeThatRefusesToStartEndsItAllWithItsWords() throws IOException, InterruptedException {
        Files.writeString(root.resolve("unfit"), "");
        Up up = up(3);
        up.await("before it was ready");
        up.await("This filesystem will not do.");
        assertTrue(up.process().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(3, up.process().exitValue());
        assertEquals(List.of(), pids());
    }
}
