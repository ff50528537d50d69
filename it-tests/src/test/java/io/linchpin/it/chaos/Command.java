package io.linchpin.it.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A program of the system, run to its end. */
final class Command {
    private static final int LIMIT_SECONDS = 60;

    private Command() {}

    /** Runs it, and fails with what it said where it fails or is not installed. */
    static String run(String... command) throws IOException {
        return run(Set.of(0), command);
    }

    /** @param good the statuses that are no failure */
    static String run(Set<Integer> good, String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(List.of(command) + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(List.of(command) + " was interrupted", e);
        }
        if (!good.contains(process.exitValue())) {
            throw new IOException(List.of(command) + ": " + process.exitValue() + " " + output);
        }
        return output;
    }
}
