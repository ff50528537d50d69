package io.linchpin.cluster.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LongWaitsTest {
    private final AtomicLong nanos = new AtomicLong(-3);
    private String holder = "node a holds it";
    private final LongWaits waits = new LongWaits(Duration.ofSeconds(10), nanos::get, _ -> holder);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LongWaits.class);

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
    }

    private boolean refusedAfter(long millis) {
        nanos.addAndGet(Duration.ofMillis(millis).toNanos());
        boolean look = waits.refused(4);
        if (look) {
            waits.look(4);
        }
        return look;
    }

    @Test
    void theHolderIsLookedForOnlyWhenTheWaitIsLong() {
        assertFalse(refusedAfter(0));
        assertFalse(refusedAfter(9_999));
        assertEquals(List.of(), waits.now());
        assertTrue(refusedAfter(1));
        assertEquals(List.of(new LongWaits.LongWait(4, 10, "node a holds it")), waits.now());
    }

    @Test
    void oneWaitIsWarnedOfOnceAHolder() {
        refusedAfter(0);
        refusedAfter(10_000);
        refusedAfter(25);
        refusedAfter(10_000);
        assertEquals(1, logged.list.size());
        assertEquals(Level.WARN, logged.list.get(0).getLevel());
        assertEquals(
                "shard 4 is not served: this node has waited 10 s for its lock; node a holds it",
                logged.list.get(0).getFormattedMessage());
        holder = "node b holds it";
        refusedAfter(10_000);
        assertEquals(2, logged.list.size());
        assertEquals(List.of(new LongWaits.LongWait(4, 30, "node b holds it")), waits.now());
    }

    @Test
    void aWaitThatEndedWhileTheHolderWasLookedForIsNotTold() {
        refusedAfter(0);
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        assertTrue(waits.refused(4));
        waits.over(4);
        waits.look(4);
        assertEquals(List.of(), waits.now());
        assertEquals(List.of(), logged.list);
    }
}
