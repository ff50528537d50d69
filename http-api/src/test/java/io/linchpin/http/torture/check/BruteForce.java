package io.linchpin.http.torture.check;

import java.util.ArrayList;
import java.util.List;

/** Tries every order. No memory, no pruning, nothing in common with the search but the model of one operation. */
final class BruteForce {
    private BruteForce() {}

    static boolean hasOrder(List<Operation> history) {
        return from(
                Operation.ABSENT, history.stream().filter(Operation::isOrdered).toList());
    }

    private static boolean from(int state, List<Operation> rest) {
        if (rest.stream().allMatch(Operation::isOpen)) {
            return true;
        }
        for (Operation next : rest) {
            if (rest.stream().noneMatch(other -> other.isBefore(next)) && next.isLegalIn(state)) {
                List<Operation> others = new ArrayList<>(rest);
                others.remove(next);
                if (from(next.changes() ? next.writes() : state, others)) {
                    return true;
                }
            }
        }
        return false;
    }
}
