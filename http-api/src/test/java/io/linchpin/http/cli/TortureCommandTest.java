package io.linchpin.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TortureCommandTest {
    private static final Map<String, String> KEYS =
            Map.of("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "secret-that-nobody-sees");

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Map<String, String> environment, String... arguments) throws InterruptedException {
        out.reset();
        err.reset();
        return new Cli(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        environment)
                .run(List.of(arguments));
    }

    private Path histories(String... lines) throws IOException {
        Path file = directory.resolve("histories.jsonl");
        Files.writeString(file, "{\"linchpin-torture\":1}\n{\"key\":\"k\"}\n" + String.join("\n", lines) + "\n");
        return file;
    }

    private static String put(int n, int upload, String condition, int from, int to) {
        return String.format(
                "{\"n\":%d,\"client\":%d,\"call\":\"PUT\",\"outcome\":\"DONE\",%s\"writes\":%d,\"fromNanos\":%d,\"toNanos\":%d}",
                n, n, condition, upload, from, to);
    }

    @Test
    void whatIsNoEndpointOrHasNoKeysIsAFaultOfTheCaller() throws InterruptedException {
        assertEquals(ExitCode.USAGE, run(KEYS, "torture"));
        assertEquals(ExitCode.USAGE, run(KEYS, "torture", "ftp://127.0.0.1"));
        assertEquals(ExitCode.USAGE, run(KEYS, "torture", "http://127.0.0.1:1/path"));
        assertEquals(ExitCode.USAGE, run(KEYS, "torture", "http://127.0.0.1:1", "http://127.0.0.1:2"));
        assertEquals(ExitCode.USAGE, run(KEYS, "torture", "http://127.0.0.1:1", "--clients", "33"));
        assertEquals(ExitCode.USAGE, run(Map.of(), "torture", "http://127.0.0.1:1"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("AWS_ACCESS_KEY_ID"));
    }

    @Test
    void aHistoryIsCheckedAgain() throws Exception {
        Path good = histories(put(1, 1, "", 0, 1), put(2, 2, "\"expects\":1,", 2, 3));
        assertEquals(ExitCode.OK, run(Map.of(), "torture", "--replay", good.toString()));
        Path bad = histories(put(1, 1, "", 0, 1), put(2, 2, "\"expects\":1,", 2, 9), put(3, 3, "\"expects\":1,", 2, 9));
        Path page = directory.resolve("page.html");
        assertEquals(1, run(Map.of(), "torture", "--replay", bad.toString(), "--json", "--report", page.toString()));
        JsonNode json = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
        assertTrue(json.path("violated").asBoolean());
        assertEquals("LOST_UPDATE", json.path("defects").path(0).path("kind").asText());
        assertEquals(3, json.path("defects").path(0).path("proof").size());
        String html = Files.readString(page);
        assertTrue(html.contains("<svg") && html.contains("Lost update"), html);
        assertFalse(html.contains("http-equiv") || html.contains("src=") || html.contains("<script"), html);
        assertEquals(ExitCode.USAGE, run(KEYS, "torture", "http://127.0.0.1:1", "--replay", bad.toString()));
    }
}
