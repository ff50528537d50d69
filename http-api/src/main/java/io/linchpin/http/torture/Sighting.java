package io.linchpin.http.torture;

import io.linchpin.http.torture.check.Call;
import io.linchpin.http.torture.check.Outcome;
import io.linchpin.http.torture.s3.Condition;
import io.linchpin.http.torture.s3.Seen;

/**
 * One request and what came of it, as it was received: entity tags are not yet understood, because the answer that tells whose
 * one is may still be under way.
 *
 * @param writes the upload, 0 for a delete; of a read without meaning
 * @param seen of a read: what it showed; of a refused write: {@link Seen#NOTHING} means that there was nothing to compare with
 * @param atRest whether nobody else was at work on the key
 */
record Sighting(
        int number,
        int client,
        Call call,
        Outcome outcome,
        Condition condition,
        int writes,
        Seen seen,
        long fromNanos,
        long toNanos,
        boolean atRest) {
    /** What a write shows: nothing is known of the key. */
    static final Seen UNSEEN = new Seen(true, Seen.NOT_SHOWN, Seen.NOT_SHOWN, "", Seen.NOT_SHOWN, "");
}
