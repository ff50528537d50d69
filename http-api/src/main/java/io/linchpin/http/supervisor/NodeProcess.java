package io.linchpin.http.supervisor;

import io.linchpin.posix.Errno;
import io.linchpin.posix.ForeignListener;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.posix.ProcessCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One node's process: started here, or found running.
 *
 * <p>It is in a session of its own, so that Ctrl-C and Ctrl-Z at the terminal reach the supervisor only. It outlives the
 * supervisor on purpose: a node needs none in order to serve.
 */
final class NodeProcess {
    /** Marks a process that a supervisor may take over, and tells its place. */
    private static final String MARK = "-Dlinchpin.supervised=";

    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final int LAST_LINES = 12;

    private final ProcessHandle handle;
    private final @Nullable Process child;
    private final long startedMillis;

    private NodeProcess(ProcessHandle handle, @Nullable Process child, long startedMillis) {
        this.handle = handle;
        this.child = child;
        this.startedMillis = startedMillis;
    }

    /** Starts a node for a place, 1 and up. What it writes besides its log goes to {@code node-N.out}. */
    static NodeProcess start(UpSettings settings, int place, Path logs, long nowMillis) throws IOException {
        Files.createDirectories(logs);
        Process child = new ProcessBuilder(command(settings, place, logs))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(outFile(logs, place).toFile()))
                .start();
        return new NodeProcess(child.toHandle(), child, nowMillis);
    }

    /** Takes over a process that a former supervisor started. */
    static NodeProcess adopt(ProcessHandle handle, long nowMillis) {
        return new NodeProcess(handle, null, nowMillis);
    }

    private static List<String> command(UpSettings settings, int place, Path logs) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString());
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        settings.startCache()
                .ifPresent(cache ->
                        // A JVM of another build leaves the cache unused, and is not to say so at every start.
                        command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off")));
        command.add("-XX:+UseCompactObjectHeaders");
        command.add("-Xmx" + settings.heap());
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add(MARK + place);
        command.add("-Dlinchpin.cluster.expected-nodes=" + settings.nodes());
        command.add("-Dlogback.configurationFile=logback-file.xml");
        command.add("-Dlinchpin.log=" + logs.resolve("node-" + place + ".log"));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(settings.nodeClass());
        command.add("node");
        command.add("--root");
        command.add(settings.root().toString());
        command.add("--host");
        command.add(settings.host());
        command.add("--port");
        command.add(Integer.toString(settings.port()));
        settings.conf().ifPresent(directory -> command.addAll(List.of("--conf", directory.toString())));
        return command;
    }

    /** The place of a process that a supervisor started; empty for any other. */
    static Optional<Integer> placeOf(List<String> commandLine) {
        return commandLine.stream()
                .filter(argument -> argument.startsWith(MARK))
                .findFirst()
                .map(argument -> Integer.valueOf(argument.substring(MARK.length())));
    }

    static Path outFile(Path logs, int place) {
        return logs.resolve("node-" + place + ".out");
    }

    long pid() {
        return handle.pid();
    }

    long ageMillis(long nowMillis) {
        return nowMillis - startedMillis;
    }

    boolean isAlive() {
        return handle.isAlive();
    }

    void terminate() {
        handle.destroy();
    }

    void kill() {
        handle.destroyForcibly();
    }

    /** How it ended, for a person: a status, a signal, or nothing where it was not started here. */
    String howItEnded() {
        if (child == null || child.isAlive()) {
            return "ended";
        }
        int status = child.exitValue();
        return switch (status) {
            case 0 -> "ended";
            case 128 + ProcessCalls.SIGKILL -> "was killed (SIGKILL)";
            case 128 + ProcessCalls.SIGTERM -> "was ended (SIGTERM)";
            default -> status > 128 ? "died of signal " + (status - 128) : "ended with status " + status;
        };
    }

    boolean failed() {
        return child != null && !child.isAlive() && child.exitValue() != 0;
    }

    /** The last lines of what it wrote besides its log. */
    static List<String> lastWords(Path logs, int place) {
        try {
            List<String> lines = Files.readAllLines(outFile(logs, place));
            return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /**
     * Shuts its listening sockets of a port: how many.
     *
     * @throws PosixException EPERM where the kernel does not let one process reach into another
     */
    int shutListener(Posix posix, int port) throws IOException {
        int pid = Math.toIntExact(pid());
        int pidFd = PosixException.check(ProcessCalls.pidfdOpen(pid), "pidfd_open", Integer.toString(pid));
        try {
            return ForeignListener.shut(posix, pidFd, pid, port);
        } catch (PosixException e) {
            if (e.errno() == ProcessCalls.ESRCH || e.errno() == Errno.ENOENT) {
                return 0;
            }
            throw e;
        } finally {
            posix.close(pidFd);
        }
    }
}
