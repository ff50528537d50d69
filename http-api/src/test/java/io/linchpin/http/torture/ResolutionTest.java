package io.linchpin.http.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.torture.check.Call;
import io.linchpin.http.torture.check.KeyHistory;
import io.linchpin.http.torture.check.Operation;
import io.linchpin.http.torture.check.Outcome;
import io.linchpin.http.torture.s3.Condition;
import io.linchpin.http.torture.s3.Content;
import io.linchpin.http.torture.s3.Seen;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResolutionTest {
    private static final int KEY = 7;

    private final KeyRun run = new KeyRun(KEY, Theme.MIXED, 8);

    @BeforeEach
    void twoUploads() {
        run.noteEtag("one", 1);
        run.noteEtag("two", 2);
        write(Condition.NONE, 1, Outcome.DONE, Sighting.UNSEEN);
    }

    private void write(Condition condition, int upload, Outcome outcome, Seen seen) {
        long to = outcome == Outcome.UNKNOWN ? Operation.NEVER : 1;
        run.add(new Sighting(run.nextNumber(), 1, Call.PUT, outcome, condition, upload, seen, 0, to, false));
    }

    private void get(int metadata, int body, String etag, long size, boolean atRest) {
        Seen seen = new Seen(true, metadata, body, etag, size, body > 0 ? "" : "bytes of upload 1 and upload 2");
        run.add(new Sighting(
                run.nextNumber(), 1, Call.GET, Outcome.DONE, Condition.NONE, Operation.ANY, seen, 2, 3, atRest));
    }

    private static long size(int upload) {
        return new Content(KEY, upload).size();
    }

    private KeyHistory history() {
        return Resolution.of(run, true);
    }

    private Operation last() {
        return history().operations().getLast();
    }

    @Test
    void partsOfOneUploadAreThatUpload() {
        get(1, 1, "one", size(1), true);
        assertEquals(Outcome.DONE, last().outcome());
        assertEquals(1, last().sees());
        assertFalse(history().mixedAtRest());
    }

    @Test
    void anyPartOfAnotherUploadIsATornAnswer() {
        get(2, 1, "one", size(1), false);
        assertEquals("the body of upload 1, the metadata of upload 2, the ETag of upload 1", last().note());
        get(1, 1, "two", size(1), false);
        assertEquals(Outcome.TORN, last().outcome());
        get(1, Content.FOREIGN, "one", size(1), false);
        assertTrue(last().note().startsWith("bytes of upload 1 and upload 2"), last()::note);
        get(1, Seen.NOT_SHOWN, "one", size(1) + 1, false);
        assertTrue(last().note().endsWith("whose length is " + size(1)), last()::note);
        assertFalse(history().mixedAtRest());
        get(2, 1, "one", size(1), true);
        assertTrue(history().mixedAtRest());
    }

    @Test
    void anEtagMayBelongToAnUploadWhoseAnswerNeverCame() {
        write(Condition.NONE, 3, Outcome.UNKNOWN, Sighting.UNSEEN);
        get(3, 3, "three", size(3), true);
        assertEquals(Outcome.TORN, last().outcome());
        assertFalse(history().mixedAtRest(), "it may still be under way");
        KeyHistory etagsNotTold = Resolution.of(run, false);
        assertEquals(3, etagsNotTold.operations().getLast().sees());
    }

    @Test
    void conditionsAreUploads() {
        write(Condition.matches("one"), 2, Outcome.DONE, Sighting.UNSEEN);
        assertEquals(1, last().expects());
        write(Condition.ABSENT, 3, Outcome.REFUSED, Sighting.UNSEEN);
        assertEquals(Operation.ABSENT, last().expects());
        assertEquals(Operation.ANY, last().sees());
        write(Condition.matches("two"), 4, Outcome.REFUSED, Seen.NOTHING);
        assertEquals(Operation.ABSENT, last().sees());
    }

    @Test
    void aKeyHasItsOperationsAndThenRestsOnce() {
        int entered = 0;
        while (run.enter()) {
            entered++;
        }
        assertEquals(Theme.MIXED.operations(8), entered);
        for (int i = 1; i < entered; i++) {
            assertFalse(run.leave());
        }
        assertTrue(run.leave());
        assertFalse(run.close(), "somebody has looked at it already");
    }
}
