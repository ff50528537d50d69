package io.linchpin.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.operation.S3Response;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    private final Queue<Runnable> blocking = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();
    private final Connection connection =
            new Connection((method, path) -> S3Response.of(200), () -> log.add("end"), blocking::add);

    /** A close waits for the write under way, and the thread of the stream must not. */
    @Test
    void whatIsHeldIsClosedOnAThreadThatMayBlock() {
        connection.hold(() -> log.add("held"));
        connection.end();
        assertEquals(List.of("end"), log);
        assertTrue(connection.hasEnded());
        blocking.remove().run();
        assertEquals(List.of("end", "held"), log);
    }

    @Test
    void whatComesAfterTheEndIsClosedAtOnce() {
        connection.end();
        connection.hold(() -> log.add("late"));
        assertEquals(List.of("end", "late"), log);
    }

    @Test
    void oneThatCannotBeClosedDoesNotKeepTheOthersOpen() {
        for (int i = 0; i < 3; i++) {
            connection.hold(() -> {
                log.add("held");
                throw new IOException("a test");
            });
        }
        connection.end();
        blocking.remove().run();
        assertEquals(List.of("end", "held", "held", "held"), log);
    }
}
