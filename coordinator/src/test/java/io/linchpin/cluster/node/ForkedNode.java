package io.linchpin.cluster.node;

import io.linchpin.posix.ProcessCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link TestNode} in a process of its own. */
final class ForkedNode implements AutoCloseable {
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private String incarnation = "";
    private long startMillis;

    private ForkedNode(Process process) {
        this.process = process;
    }

    static ForkedNode start(Path root, String overrides) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                TestNode.class.getName(),
                root.toString(),
                overrides);
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        ForkedNode node = new ForkedNode(process);
        Thread.ofPlatform().daemon().start(node::readLines);
        return node;
    }

    private void readLines() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("BROKEN " + e);
        }
        lines.add("ENDED");
    }

    ForkedNode awaitReady() throws Exception {
        String[] words = read(60).split(" ", -1);
        if (!words[0].equals("READY")) {
            throw new IllegalStateException(String.join(" ", words));
        }
        incarnation = words[1];
        startMillis = Long.parseLong(words[2]);
        return this;
    }

    String incarnation() {
        return incarnation;
    }

    long startMillis() {
        return startMillis;
    }

    int pid() {
        return (int) process.pid();
    }

    void write(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    String read(int seconds) throws InterruptedException {
        String line = lines.poll(seconds, TimeUnit.SECONDS);
        if (line == null) {
            throw new IllegalStateException("node " + incarnation + " said nothing for " + seconds + " s");
        }
        return line;
    }

    String ask(String line) throws Exception {
        write(line);
        return read(30);
    }

    void signal(int signal) {
        int result = ProcessCalls.kill(pid(), signal);
        if (result < 0) {
            throw new IllegalStateException("kill: " + result);
        }
    }

    int awaitEnd(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new IllegalStateException("node " + incarnation + " still runs after " + seconds + " s");
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
