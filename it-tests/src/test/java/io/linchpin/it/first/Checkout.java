package io.linchpin.it.first;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A copy of the sources without anything that was built from them, and its {@code bin/linchpin}. */
final class Checkout implements AutoCloseable {
    private static final Set<String> NOT_SOURCES = Set.of("target", ".git", ".linchpin-build", "data", "docs");
    private static final int LIMIT_SECONDS = 120;

    private final Path home;
    private final List<Process> running = new ArrayList<>();

    Checkout(Path home) throws IOException {
        this.home = Files.createDirectories(home);
        copy(Path.of("..").toAbsolutePath().normalize(), home);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                Path target = to.resolve(entry.getFileName().toString());
                if (NOT_SOURCES.contains(target.getFileName().toString())) {
                    continue;
                }
                if (Files.isDirectory(entry)) {
                    copy(entry, Files.createDirectories(target));
                } else {
                    Files.copy(entry, target);
                    target.toFile().setExecutable(Files.isExecutable(entry));
                }
            }
        }
    }

    Path home() {
        return home;
    }

    /** Starts a command that stays; both of its outputs go to one file. */
    Process start(Path output, String... arguments) throws IOException {
        Process process = builder(output, arguments).start();
        process.getOutputStream().close();
        running.add(process);
        return process;
    }

    /** Runs a command to its end and returns what it wrote. */
    String run(int status, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(home, "run", ".out");
        Process process = start(output, arguments);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still runs: " + List.of(arguments) + "\n" + Files.readString(output));
        }
        String written = Files.readString(output);
        assertEquals(status, process.exitValue(), () -> List.of(arguments) + "\n" + written);
        return written;
    }

    private ProcessBuilder builder(Path output, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/linchpin").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("LINCHPIN_"));
        return builder;
    }

    /** Ends what was started, then removes the copy. */
    @Override
    public void close() throws IOException {
        for (Process process : running) {
            process.destroy();
            try {
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
        try (Stream<Path> tree = Files.walk(home)) {
            tree.sorted(Comparator.reverseOrder()).forEach(Checkout::delete);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
