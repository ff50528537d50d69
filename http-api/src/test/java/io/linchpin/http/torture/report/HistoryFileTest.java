package io.linchpin.http.torture.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.torture.check.Call;
import io.linchpin.http.torture.check.KeyHistory;
import io.linchpin.http.torture.check.Operation;
import io.linchpin.http.torture.check.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
    private static final int ANY = Operation.ANY;

    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        KeyHistory first = new KeyHistory(
                "one",
                true,
                List.of(
                        new Operation(1, 1, Call.PUT, Outcome.DONE, Operation.ABSENT, 1, ANY, 0, 5, ""),
                        new Operation(2, 2, Call.COPY, Outcome.REFUSED, 7, 2, Operation.ABSENT, 1, 5, ""),
                        new Operation(3, 3, Call.DELETE, Outcome.UNKNOWN, ANY, 0, ANY, 2, Operation.NEVER, ""),
                        new Operation(4, 1, Call.LIST, Outcome.DONE, ANY, ANY, 0, 6, 8, ""),
                        new Operation(5, 1, Call.GET, Outcome.TORN, ANY, ANY, ANY, 9, 9, "the body of upload 1, …")));
        KeyHistory second = new KeyHistory("two", false, List.of());
        Path file = directory.resolve("histories.jsonl");
        try (HistoryFile out = HistoryFile.create(file, "http://127.0.0.1:9000")) {
            out.write(first);
            out.write(second);
        }
        List<KeyHistory> read = new ArrayList<>();
        HistoryFile.read(file, read::add);
        assertEquals(List.of(first, second), read);
    }

    @Test
    void whatIsNotUnderstoodIsNamedByItsLine() throws IOException {
        Path file = directory.resolve("bad.jsonl");
        Files.writeString(
                file,
                "{\"linchpin-torture\":1}\n{\"key\":\"k\"}\n{\"n\":1,\"client\":1,\"call\":\"PUT\",\"outcome\":\"DONE\"}\n");
        IOException e = assertThrows(IOException.class, () -> HistoryFile.read(file, history -> {}));
        assertTrue(String.valueOf(e.getMessage()).contains("line 3"), e.getMessage());
        Files.writeString(file, "{}\n");
        assertThrows(IOException.class, () -> HistoryFile.read(file, history -> {}));
    }
}
