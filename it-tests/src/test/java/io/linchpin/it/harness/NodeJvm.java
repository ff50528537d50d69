package io.linchpin.it.harness;

import io.linchpin.http.supervisor.StoreNodes;
import io.linchpin.http.testing.Signer;
import io.linchpin.posix.ProcessCalls;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One node in a process of its own, on the class path of this test run without the clients.
 *
 * <p>A place may see several lives: {@link #restart} begins the next one. What all of them write goes to one file.
 */
public final class NodeJvm implements AutoCloseable {
    private static final int READY_LIMIT_SECONDS = 120;
    private static final int PROBE_PAUSE_MILLIS = 50;
    private static final int SIGSTOP = 19;
    private static final int SIGCONT = 18;

    /** Parts of paths of what only tests bring. */
    private static final List<String> TESTS_ONLY = List.of(
            "/software/amazon/", "/io/minio/", "/io/gatling/", "/io/netty/", "/it-tests/target/", "/test-classes");

    private final Path root;
    private final int sharedPort;
    private final Path output;
    private final List<String> settings;
    private final List<String> archive;
    private volatile Process process;
    private volatile int ownPort;

    NodeJvm(Path root, int sharedPort, Path output, List<String> settings) throws Exception {
        this(root, sharedPort, output, settings, NodeArchive.options(classPath()));
    }

    private NodeJvm(Path root, int sharedPort, Path output, List<String> settings, List<String> archive)
            throws IOException {
        this.root = root;
        this.sharedPort = sharedPort;
        this.output = output;
        this.settings = List.copyOf(settings);
        this.archive = archive;
        this.process = launch();
    }

    /** One that leaves an archive of its classes when it ends. */
    static NodeJvm archiving(Path root, Path output, Path archive) throws IOException {
        return new NodeJvm(root, 0, output, List.of(), List.of("-XX:ArchiveClassesAtExit=" + archive));
    }

    private Process launch() throws IOException {
        Path home = Path.of("..").toAbsolutePath().normalize();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError",
                // Nodes that live for seconds are not worth compiling well: half of the processor's time goes
                // otherwise.
                "-XX:TieredStopAtLevel=" + Full.or(4, 1),
                "-Dlinchpin.home=" + home));
        command.addAll(archive);
        settings.stream().filter(NodeJvm::isOfJvm).forEach(command::add);
        command.addAll(List.of(
                "-cp",
                classPath(),
                "io.linchpin.http.Main",
                "node",
                "--root",
                root.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(sharedPort)));
        settings.stream()
                .filter(setting -> !isOfJvm(setting))
                .forEach(setting -> command.addAll(List.of("--set", setting)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("LINCHPIN_ACCESS_KEY", Signer.ACCESS_KEY);
        builder.environment().put("LINCHPIN_SECRET_KEY", Signer.SECRET_KEY);
        return builder.start();
    }

    private static boolean isOfJvm(String setting) {
        return setting.startsWith("-");
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> TESTS_ONLY.stream().noneMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Waits until it says that it is ready. */
    void awaitReady() throws Exception {
        awaitAnswer("/-/ready");
    }

    private void awaitAnswer(String path) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_LIMIT_SECONDS);
        while (true) {
            if (!process.isAlive()) {
                throw new IllegalStateException("node ended with " + process.exitValue() + ":\n" + lastWords());
            }
            ownPort = StoreNodes.living(root).stream()
                    .filter(node -> node.pid() == process.pid())
                    .mapToInt(StoreNodes.Living::httpPort)
                    .findFirst()
                    .orElse(0);
            if (ownPort != 0 && Http.statusOf(ownPort, path) == 200) {
                return;
            }
            if (System.nanoTime() > giveUp) {
                throw new IllegalStateException("node is not ready:\n" + lastWords());
            }
            Thread.sleep(PROBE_PAUSE_MILLIS);
        }
    }

    /** Its own loopback port, where nobody else answers. */
    public int port() {
        return ownPort;
    }

    /** Of its present life. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL; returns once the process has ended. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM: leaves the cluster; returns how the process ended. */
    public int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(READY_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("node does not end:\n" + lastWords());
        }
        return process.exitValue();
    }

    public void stop() {
        signal(SIGSTOP);
    }

    public void resume() {
        signal(SIGCONT);
    }

    private void signal(int number) {
        int result = ProcessCalls.kill(Math.toIntExact(process.pid()), number);
        if (result < 0) {
            throw new IllegalStateException("kill: errno " + -result);
        }
    }

    /** Begins the next life in this place; the former one has ended. Returns once it is ready. */
    public void restart() throws Exception {
        launchAgain();
        awaitReady();
    }

    /** The same where the cluster cannot be ready, for a node has been stopped: returns once this one serves. */
    public void restartWhileAnotherStandsStill() throws Exception {
        launchAgain();
        awaitAnswer("/-/live");
    }

    private void launchAgain() throws IOException {
        if (process.isAlive()) {
            throw new IllegalStateException("it still lives");
        }
        process = launch();
    }

    /** Where everything goes that it writes. */
    public Path output() {
        return output;
    }

    /** The last lines of what it wrote. */
    public String lastWords() {
        try {
            List<String> lines = Files.readAllLines(output);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            resume();
            kill();
        }
    }
}
