package io.linchpin.cluster.api;

import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import java.util.concurrent.CompletionStage;

/** Mutations of objects, brought to the one owner of each key, wherever it is. */
public interface Objects {
    /**
     * Hands a mutation to its key's owner and waits for what becomes of it. Where the owner moves or dies it is sent
     * again to the next one under the same id, so it is never applied twice.
     *
     * <p>The stage never fails. Where the owner gives no sign of life within the limit ({@link
     * #DEFAULT_ANSWER_LIMIT_MILLIS}), or the disk takes longer than {@link #DEFAULT_ANSWER_PATIENCE_MILLIS}, it is {@link Outcome.Busy} where the mutation was certainly not
     * judged, else {@link Outcome.Unknown}; at once where owners have more to do than they can hold. Calling gives the
     * staged pair of a {@link Mutation.Put} away; one that came to Busy has been removed.
     */
    CompletionStage<Outcome> mutate(Mutation mutation);

    /** How long an owner that does not answer is waited for, unless configured otherwise. */
    long DEFAULT_ANSWER_LIMIT_MILLIS = 5_000;

    /**
     * How long an owner is waited for that lives, while the disk does not come to an end: below the 60 s for which the AWS
     * SDKs wait for an answer.
     */
    long DEFAULT_ANSWER_PATIENCE_MILLIS = 50_000;

    /** How far ahead ingresses set a mutation's deadline, unless configured otherwise. */
    long DEFAULT_DEADLINE_MILLIS = 10_000;
}
