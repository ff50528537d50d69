package io.linchpin.store.commit;

import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A shard that this process owns: its kernel lock is held, its ledger names our journal, and all that it had in flight
 * under earlier owners has been replayed. Mutations of its keys are judged, committed and published here and nowhere
 * else.
 */
public interface OwnedShard {
    int number();

    /** Raised by one each time the shard is taken, by whomever. */
    long epoch();

    /**
     * Judges a mutation against what its key holds and what is pending on it, and sends it on its way. Calls for one key
     * come one at a time, in the order that is to hold. Returns after judging (short file operations, no sync); {@code
     * reply} is called once, on any thread, when the mutation and all it was judged against are durable and in place.
     *
     * @param resend whether an earlier message with the same id may have been lost: then a mutation that is known gets
     *     its recorded answer, and one that may have been applied before is {@link Outcome.Unknown}
     */
    void submit(Mutation mutation, boolean resend, Consumer<Outcome> reply);

    /** Whether that mutation has been judged here and is not yet answered. */
    boolean isUnderWay(UploadId mutation);

    /** Mutations judged and not yet answered. */
    int inFlight();

    /**
     * Closes the commit gate, in the call: from its return on, no new mutation is judged ({@link Outcome.Busy}). Those
     * judged go on.
     */
    void closeGate();

    /** Waits, blocking, until all that was judged before the call is answered. The gate stays as it is. */
    void drain() throws InterruptedException;

    /**
     * Gives the shard up: closes the gate, drains, checkpoints, raises the ledger's floor, unlocks. Blocks; once only.
     */
    void giveUp() throws IOException, InterruptedException;
}
