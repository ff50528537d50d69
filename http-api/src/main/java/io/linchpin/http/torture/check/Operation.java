package io.linchpin.http.torture.check;

/**
 * One request of one client to one key, with what came of it.
 *
 * <p>The key's state is a number: {@link #ABSENT}, or the upload whose bytes and metadata it holds. Every upload has a number
 * of its own and is sent once; so a state, once left, never returns.
 *
 * @param number distinct within a history; the order in which requests were sent, roughly
 * @param client who sent it, from 1
 * @param expects of a write: the state that its condition asks for ({@link #ABSENT}: If-None-Match with a star; an upload:
 *     If-Match); {@link #ANY} where it has no condition
 * @param writes of a write: the state that it makes
 * @param sees of a read: the state that was answered. Of a refused write: {@link #ABSENT} where the answer was that there is
 *     nothing to compare with. Otherwise {@link #ANY}
 * @param fromNanos before the request was sent, since the run began
 * @param toNanos after the last byte of the answer; {@link #NEVER} where the outcome is unknown
 * @param note for people; what was mixed in a torn answer; may be empty
 */
public record Operation(
        int number,
        int client,
        Call call,
        Outcome outcome,
        int expects,
        int writes,
        int sees,
        long fromNanos,
        long toNanos,
        String note) {
    public static final int ABSENT = 0;
    public static final int ANY = -1;
    public static final long NEVER = Long.MAX_VALUE;

    public Operation {
        boolean read = call.isRead();
        require(number >= 0 && client >= 0 && fromNanos >= 0 && fromNanos <= toNanos, "numbers and times", number);
        require(expects >= ANY && writes >= ANY && sees >= ANY, "states", number);
        require(read ? writes == ANY && expects == ANY : writes >= ABSENT, "what it writes", number);
        require(call != Call.DELETE || writes == ABSENT, "a delete that leaves something", number);
        require(read || writes > ABSENT || call == Call.DELETE, "an upload without a number", number);
        require(
                switch (outcome) {
                    case DONE -> toNanos != NEVER && (read ? sees >= ABSENT : sees == ANY);
                    case REFUSED -> !read && expects != ANY && toNanos != NEVER && sees <= ABSENT;
                    case UNKNOWN -> !read && toNanos == NEVER && sees == ANY;
                    case TORN -> read;
                },
                "its outcome",
                number);
    }

    private static void require(boolean holds, String what, int number) {
        if (!holds) {
            throw new IllegalArgumentException("operation " + number + ": " + what);
        }
    }

    /** Whether it has a place in the one order that a history must have: all but torn answers. */
    public boolean isOrdered() {
        return outcome != Outcome.TORN;
    }

    /** Whether it changes the state, or may. */
    public boolean changes() {
        return !call.isRead() && outcome != Outcome.REFUSED;
    }

    /** Whether it may be left out of the order: nothing says that it took effect. */
    public boolean isOpen() {
        return outcome == Outcome.UNKNOWN;
    }

    /** Whether the answer that was given is the right one where the key is in that state. */
    public boolean isLegalIn(int state) {
        if (call.isRead()) {
            return sees == state;
        }
        if (outcome == Outcome.REFUSED) {
            return sees == ABSENT ? state == ABSENT : state != expects;
        }
        return expects == ANY || expects == state;
    }

    /** Whether it can take its place in that state only: it has read it, or compared with it. */
    public boolean needs(int state) {
        return call.isRead() ? sees == state : outcome != Outcome.REFUSED && expects == state;
    }

    /** Whether all of it came before all of the other. */
    public boolean isBefore(Operation other) {
        return toNanos < other.fromNanos;
    }
}
