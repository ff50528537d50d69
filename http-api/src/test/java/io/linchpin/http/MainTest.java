package io.linchpin.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node's process ends that does not get as far as the store. */
class MainTest {
    @TempDir
    Path root;

    /** What a run came to. */
    private record Run(int status, String said) {}

    private static Run node(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "node"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("LINCHPIN_SECRET_KEY");
        builder.environment().put("LINCHPIN_ACCESS_KEY", "access");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), said);
    }

    @Test
    void wrongArgumentsAndWrongSettingsEndAsTheHelpSays() throws IOException, InterruptedException {
        Run arguments = node("--root", root.toString(), "--ports", "1");
        assertEquals(ExitCode.USAGE, arguments.status(), arguments.said());
        assertTrue(arguments.said().contains("usage: node --root"), arguments.said());
        Run keys = node("--root=" + root);
        assertEquals(ExitCode.REFUSED, keys.status(), keys.said());
        assertTrue(keys.said().contains("linchpin: Set both LINCHPIN_ACCESS_KEY and"), keys.said());
        assertFalse(keys.said().contains("\tat "), keys.said());
    }
}
