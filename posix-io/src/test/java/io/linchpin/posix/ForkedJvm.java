package io.linchpin.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real process for a test: a JVM that runs a main class, spoken to by lines through its pipes. Killed on close. */
final class ForkedJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    private ForkedJvm(Process process) {
        this.process = process;
        this.lines = process.inputReader(StandardCharsets.UTF_8);
    }

    static ForkedJvm start(Class<?> main, String... arguments) throws IOException {
        return startUnder(List.of(), main, arguments);
    }

    /** With a program and its arguments before the JVM's: one that runs it, as strace does. */
    static ForkedJvm startUnder(List<String> program, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ForkedJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    int pid() {
        return (int) process.pid();
    }

    /** The next line that it prints; fails where it has ended. */
    String read() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("process " + process.pid() + " has ended");
        }
        return line;
    }

    void write(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Returns once the process is gone for good. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Returns once the kernel says that all of it is stopped. */
    void stop() throws IOException {
        if (ProcessCalls.kill(pid(), ProcessCalls.SIGSTOP) != 0) {
            throw new IOException("cannot stop " + pid());
        }
        while (!isStopped()) {
            Thread.onSpinWait();
        }
    }

    private boolean isStopped() throws IOException {
        try (var tasks = Files.list(Path.of("/proc", Integer.toString(pid()), "task"))) {
            return tasks.allMatch(task -> {
                try {
                    String stat = Files.readString(task.resolve("stat"), StandardCharsets.UTF_8);
                    return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    void resume() throws IOException {
        if (ProcessCalls.kill(pid(), ProcessCalls.SIGCONT) != 0) {
            throw new IOException("cannot resume " + pid());
        }
    }

    @Override
    public void close() {
        kill();
    }
}
