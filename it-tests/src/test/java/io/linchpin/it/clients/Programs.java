package io.linchpin.it.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.linchpin.http.testing.Signer;
import io.linchpin.it.harness.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a client program with the cluster's endpoint and account in its environment. */
final class Programs {
    private static final int LIMIT_SECONDS = 180;
    private static final String OUTPUT = ".output";

    private final Cluster cluster;
    private final Path directory;

    /** @param directory where programs run, and their home: no configuration of the person who runs the tests counts */
    Programs(Cluster cluster, Path directory) {
        this.cluster = cluster;
        this.directory = directory;
    }

    /** Where the program cannot be run, the test is reported as one that could not run on this machine. */
    void need(String what, String... probe) {
        boolean there;
        try {
            there = exit(probe) == 0;
        } catch (IOException missing) {
            there = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            there = false;
        }
        assumeTrue(there, what + " is not installed; bin/check installs it where it can");
    }

    private int exit(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("still runs after " + LIMIT_SECONDS + " s: " + List.of(command) + "\n" + output());
        }
        return process.exitValue();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve(OUTPUT));
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(OUTPUT).toFile());
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(name ->
                        name.startsWith("AWS_") || name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        environment.put("HOME", directory.toString());
        environment.put("AWS_ACCESS_KEY_ID", Signer.ACCESS_KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", Signer.SECRET_KEY);
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("AWS_ENDPOINT_URL", cluster.endpoint().toString());
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.put("LC_ALL", "C.UTF-8");
        return builder.start();
    }

    /** What it wrote; fails where its status is not 0. */
    String run(String... command) throws Exception {
        int status = exit(command);
        String output = output();
        assertEquals(0, status, () -> List.of(command) + "\n" + output);
        return output;
    }

    /** Its status where it is meant to fail. */
    int status(String... command) throws Exception {
        return exit(command);
    }
}
