package io.linchpin.it.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.torture.Torture;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says of servers whose faults are known. */
class BrokenServerIT {
    private static final int SECONDS = 4;

    @TempDir
    Path directory;

    private Path history = Path.of("");

    @BeforeEach
    void nameTheHistory() {
        history = directory.resolve("histories.jsonl");
    }

    @Test
    void whatKeepsBodyAndMetadataApartIsFound() throws Exception {
        try (SidecarServer server = SidecarServer.start(false, 42)) {
            Run run = Run.of(server.url(), SECONDS, history);
            assertEquals(Torture.VIOLATED, run.status(), run::out);
            assertTrue(run.out().contains("One "), run::out);
            assertTrue(run.out().contains("one overwrote another unseen"), run::out);
            assertTrue(run.out().contains("without CopyObject (501)"), run::out);
        }
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        assertEquals(Torture.VIOLATED, Torture.replay(history, Optional.empty(), false, Run.print(again)));
        assertTrue(again.toString(StandardCharsets.UTF_8).contains("VIOLATED"));
    }

    /** The same server with a lock: it is the fault that is found, not the server. */
    @Test
    void whatLocksIsRight() throws Exception {
        try (SidecarServer server = SidecarServer.start(true, 42)) {
            Run run = Run.of(server.url(), SECONDS, history);
            assertEquals(Torture.KEPT, run.status(), () -> run.out() + run.err());
        }
    }

    @Test
    void ofOneThatDoesNotAnswerNothingCanBeSaid() throws Exception {
        SidecarServer gone = SidecarServer.start(true, 0);
        URI url = gone.url();
        gone.close();
        assertEquals(Torture.UNUSABLE, Run.of(url, 1, history).status());
    }
}
