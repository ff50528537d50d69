package io.linchpin.cluster.object;

import io.linchpin.store.commit.Outcome;

/**
 * What a mutation's sender learned.
 *
 * @param answered whether the outcome is an owner's word; otherwise nobody answered, and the outcome says what that means
 * @param refused whether the last answer of an owner, if there was any, was Busy
 */
public record Delivery(Outcome outcome, boolean answered, boolean refused) {}
