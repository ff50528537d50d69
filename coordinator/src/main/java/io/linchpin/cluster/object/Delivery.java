package io.linchpin.cluster.object;

import io.linchpin.store.commit.Outcome;

/**
 * What a mutation's sender learned.
 *
 * @param answered whether the outcome is an owner's word; otherwise nobody answered, and the outcome says what that means
 * @param refused whether the last answer of an owner, if there was any, was Busy
 * @param tooLate whether an owner has said that the mutation's deadline has passed: it is not at it, no earlier owner is, for
 *     those have ended or drained and what they had made durable has been replayed, and nobody will begin
 */
public record Delivery(Outcome outcome, boolean answered, boolean refused, boolean tooLate) {
    /** Of which no owner has said that it comes too late. */
    public Delivery(Outcome outcome, boolean answered, boolean refused) {
        this(outcome, answered, refused, false);
    }
}
