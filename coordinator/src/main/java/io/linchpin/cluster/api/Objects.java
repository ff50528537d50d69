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
     * <p>The stage never fails. If no sign of life comes within 5 s ({@link #DEFAULT_ANSWER_LIMIT_MILLIS}), or no answer
     * within 50 s ({@link #DEFAULT_ANSWER_PATIENCE_MILLIS}), the outcome is {@link Outcome.Busy} when the mutation was
     * certainly not judged, and {@link Outcome.Unknown} otherwise. If too many mutations are in flight the outcome comes
     * at once. Calling gives the staged pair of a {@link Mutation.Put} away; one that came to Busy has been removed.
     */
    CompletionStage<Outcome> mutate(Mutation mutation);

    /** How long an owner that gives no sign of life is waited for. Not a setting. */
    long DEFAULT_ANSWER_LIMIT_MILLIS = 5_000;

    /**
     * How long an answer is waited for while the owner says that the disk is at work: below the 60 s for which the AWS
     * SDKs wait for one. Not a setting.
     */
    long DEFAULT_ANSWER_PATIENCE_MILLIS = 50_000;
}
