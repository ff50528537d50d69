package io.linchpin.http.torture.check;

import java.util.List;

/**
 * All that was asked of one key, from before it was there until it was at rest.
 *
 * @param mixedAtRest whether it was left in a mixture, with nobody at work on it any more
 */
public record KeyHistory(String key, boolean mixedAtRest, List<Operation> operations) {
    /** Bound on the operations of one key, in a run and in a file. */
    public static final int MOST_OPERATIONS = 1_000;

    public KeyHistory {
        operations = List.copyOf(operations);
        long numbers =
                operations.stream().mapToInt(Operation::number).distinct().count();
        if (numbers != operations.size() || operations.size() > MOST_OPERATIONS) {
            throw new IllegalArgumentException(key + ": operations numbered twice, or more than " + MOST_OPERATIONS);
        }
    }
}
