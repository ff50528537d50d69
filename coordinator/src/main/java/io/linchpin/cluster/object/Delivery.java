package io.linchpin.cluster.object;

import io.linchpin.store.commit.Outcome;

/**
 * What a mutation's sender learned.
 *
 * @param answered whether the outcome is an owner's word; otherwise nobody answered, and the outcome says what that means
 * @param refused whether the last answer of an owner, if there was any, was Busy
 * @param tooLate true if an owner said that the deadline has passed. Then no owner is working on the mutation and none will
 *     start: earlier owners have ended or drained, and what they made durable has been replayed
 */
public record Delivery(Outcome outcome, boolean answered, boolean refused, boolean tooLate) {
    /** Of which no owner has said that it comes too late. */
    public Delivery(Outcome outcome, boolean answered, boolean refused) {
        this(outcome, answered, refused, false);
    }
}
