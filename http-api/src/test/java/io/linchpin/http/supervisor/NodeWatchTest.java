package io.linchpin.http.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.http.supervisor.NodeWatch.Action;
import io.linchpin.http.supervisor.NodeWatch.Seen;
import io.linchpin.http.supervisor.NodeWatch.State;
import org.junit.jupiter.api.Test;

class NodeWatchTest {
    private static final Seen GONE = new Seen(false, false, false, 0);
    private static final Seen STARTING = new Seen(true, false, false, 0);
    private static final Seen READY = new Seen(true, false, true, 100);
    private static final Seen STOPPED = new Seen(true, true, true, 100);
    private static final Seen SILENT = new Seen(true, false, true, NodeWatch.SILENT_AFTER_MILLIS);

    private final NodeWatch watch = new NodeWatch(0);
    private long now = 1_000_000;

    private Action step(Seen seen) {
        return watch.step(seen, now);
    }

    private void untilReady() {
        assertEquals(Action.START, step(GONE));
        assertEquals(Action.NONE, step(STARTING));
        assertEquals(Action.SAY_READY, step(READY));
    }

    @Test
    void aNodeIsStartedAtOnceAndSaidToBeReadyOnce() {
        untilReady();
        assertEquals(Action.NONE, step(READY));
    }

    @Test
    void aNodeThatDiesIsStartedAgainAfterTheDelayAndNotBefore() {
        untilReady();
        assertEquals(Action.SAY_ENDED, step(GONE));
        now += Backoff.FIRST_MILLIS - 1;
        assertEquals(Action.NONE, step(GONE));
        now += 1;
        assertEquals(Action.START, step(GONE));
    }

    @Test
    void aStoppedNodeLosesItsListenerOnceAndAtOnce() {
        untilReady();
        assertEquals(Action.SHUT_LISTENER, step(STOPPED));
        now += 1_000_000;
        assertEquals(Action.NONE, step(STOPPED));
        assertEquals(State.SILENT, watch.state());
    }

    @Test
    void aNodeIsTakenForStuckOnlyAfterTheWholeSilence() {
        untilReady();
        assertEquals(Action.NONE, step(new Seen(true, false, true, NodeWatch.SILENT_AFTER_MILLIS - 1)));
        assertEquals(Action.SHUT_LISTENER, step(SILENT));
    }

    @Test
    void aNodeThatWakesIsReplacedWithoutDelay() {
        untilReady();
        step(STOPPED);
        assertEquals(Action.REPLACE, step(READY));
        assertEquals(Action.NONE, step(READY));
        assertEquals(Action.SAY_ENDED, step(GONE));
        assertEquals(Action.START, step(GONE));
    }

    @Test
    void aStuckNodeIsNotKilledUnlessAsked() {
        untilReady();
        step(STOPPED);
        now += 1_000_000_000L;
        assertEquals(Action.NONE, step(STOPPED));
    }

    @Test
    void aStuckNodeIsKilledOnceWhereThatWasAsked() {
        NodeWatch strict = new NodeWatch(30_000);
        strict.step(GONE, 0);
        strict.step(READY, 0);
        strict.step(STOPPED, 0);
        assertEquals(Action.NONE, strict.step(STOPPED, 29_999));
        assertEquals(Action.KILL, strict.step(STOPPED, 30_000));
        assertEquals(Action.NONE, strict.step(STOPPED, 30_100));
        assertEquals(Action.SAY_ENDED, strict.step(GONE, 30_200));
    }

    @Test
    void anAdoptedNodeIsNotStartedAgain() {
        watch.adopt();
        assertEquals(Action.SAY_READY, step(READY));
    }

    @Test
    void delaysDoubleUpToTheLastAndAreForgivenAfterAHealthyMinute() {
        Backoff backoff = new Backoff();
        assertEquals(200, backoff.afterEnd(0));
        assertEquals(400, backoff.afterEnd(0));
        for (int i = 0; i < 10; i++) {
            backoff.afterEnd(59_999);
        }
        assertEquals(Backoff.LAST_MILLIS, backoff.afterEnd(0));
        assertEquals(200, backoff.afterEnd(60_000));
    }

    @Test
    void aNodeThatCannotBeMadeIsTriedAgainAfterTheDelay() {
        assertEquals(Action.START, step(GONE));
        watch.notStarted(now);
        assertEquals(Action.NONE, step(GONE));
        now += Backoff.FIRST_MILLIS;
        assertEquals(Action.START, step(GONE));
    }

    @Test
    void anAdoptedNodeThatStandsStillLosesItsListener() {
        watch.adopt();
        assertEquals(Action.SHUT_LISTENER, step(new Seen(true, true, false, 0)));
    }
}
