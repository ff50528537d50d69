package io.linchpin.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/linchpin} does before there is a build: in a checkout of which nothing could be built. */
class LauncherTest {
    private static final Path HELP = Path.of("src/main/resources/io/linchpin/http/cli/help.txt");

    @TempDir
    Path home;

    /** What a run came to. */
    private record Run(int status, String said) {}

    @BeforeEach
    void copy() throws IOException {
        Files.createDirectories(home.resolve("bin"));
        for (String file : List.of("linchpin", "lib.sh")) {
            Files.copy(Path.of("../bin", file), home.resolve("bin").resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path help = home.resolve("http-api").resolve(HELP);
        Files.createDirectories(help.resolveSibling(""));
        Files.copy(HELP, help);
    }

    private Run run(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/linchpin").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().retainAll(List.of("HOME"));
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", System.getProperty("java.home")));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), said);
    }

    @Test
    void helpNeedsNoBuild() throws IOException, InterruptedException {
        Run help = new Run(ExitCode.OK, Files.readString(HELP));
        assertEquals(help, run());
        assertEquals(help, run("help"));
        assertEquals(help, run("--help"));
        assertEquals(help, run("up", "-h"));
    }

    @Test
    void aMistypedCommandNeedsNoBuild() throws IOException, InterruptedException {
        Run mistyped = run("stauts", "--json");
        assertEquals(ExitCode.USAGE, mistyped.status(), mistyped.said());
        assertEquals("linchpin: There is no command 'stauts'. linchpin help lists them all.\n", mistyped.said());
    }

    @Test
    void everyCommandOfTheHelpIsOne() throws IOException, InterruptedException {
        for (String command : List.of("up", "down", "node", "status", "env", "fsck", "torture", "version")) {
            assertTrue(Files.readString(HELP).contains("linchpin " + command));
            Run run = run(command);
            assertNotEquals(ExitCode.USAGE, run.status(), run.said());
            assertNotEquals(ExitCode.OK, run.status(), run.said());
        }
    }
}
