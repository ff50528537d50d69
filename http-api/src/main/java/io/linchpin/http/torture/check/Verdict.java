package io.linchpin.http.torture.check;

/** Whether there is one order of a key's operations that explains every answer. */
public sealed interface Verdict {
    /** There is. */
    record Linearizable() implements Verdict {}

    /**
     * There is none.
     *
     * @param stuckAt the number of the operation up to whose answer no order remains
     */
    record NotLinearizable(int stuckAt) implements Verdict {}

    /** The search was given up: more orders were possible than it may look at. */
    record Undecided() implements Verdict {}
}
