package io.linchpin.http.torture.check;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes a bad history small: leaves operations out while it stays bad, by halves, quarters and so on down to single ones.
 *
 * <p>Only such operations are left out whose absence cannot make a good history bad, so that what remains proves by itself that
 * the endpoint is wrong: reads and refused writes; and a write where nobody who is left could have met the state that it made.
 */
final class Shrink {
    /** Checks of a candidate before it is taken as small enough. */
    private static final int MOST_CHECKS = 3_000;

    private final int budget;
    private int checks;

    private Shrink(int budget) {
        this.budget = budget;
    }

    /**
     * The smallest history found. The one given is bad, and so is the one returned.
     *
     * @param budget of each search
     */
    static List<Operation> run(List<Operation> bad, int budget) {
        return new Shrink(budget).run(bad.stream().filter(Operation::isOrdered).toList());
    }

    private List<Operation> run(List<Operation> bad) {
        List<Operation> smallest = upToWhereItIsStuck(bad);
        int before;
        do {
            before = smallest.size();
            for (int chunk = Math.max(1, before / 2); chunk > 0; chunk /= 2) {
                smallest = withoutChunks(smallest, chunk);
            }
        } while (smallest.size() < before && checks < MOST_CHECKS);
        return smallest;
    }

    /** What began after the answer that could not be explained has no part in it. */
    private List<Operation> upToWhereItIsStuck(List<Operation> bad) {
        if (!(Search.run(bad, budget) instanceof Verdict.NotLinearizable stuck)) {
            return bad;
        }
        Operation last = bad.stream()
                .filter(one -> one.number() == stuck.stuckAt())
                .findFirst()
                .orElseThrow();
        List<Operation> early = new ArrayList<>(bad);
        for (int i = bad.size() - 1; i >= 0; i--) {
            if (last.isBefore(bad.get(i))) {
                leaveOut(early, List.of(bad.get(i)));
            }
        }
        return isBad(early) ? early : bad;
    }

    private List<Operation> withoutChunks(List<Operation> bad, int chunk) {
        List<Operation> current = bad;
        // From the end: what came last is needed least, and those who saw a state go before the one who made it.
        for (int to = bad.size(); to > 0 && checks < MOST_CHECKS; to -= chunk) {
            List<Operation> without = new ArrayList<>(current);
            List<Operation> leaving = new ArrayList<>(bad.subList(Math.max(0, to - chunk), to));
            leaving.retainAll(current);
            leaveOut(without, leaving.reversed());
            if (without.size() < current.size() && isBad(without)) {
                current = without;
            }
        }
        return current;
    }

    private boolean isBad(List<Operation> history) {
        checks++;
        return Search.run(history, budget) instanceof Verdict.NotLinearizable;
    }

    /** Takes away those that may go, what changes nothing first. */
    private static void leaveOut(List<Operation> from, List<Operation> leaving) {
        leaving.stream().filter(one -> !one.changes()).forEach(from::remove);
        for (Operation one : leaving) {
            if (one.changes() && isDispensable(one, from)) {
                from.remove(one);
            }
        }
    }

    /**
     * Whether a history that has an order still has one without this operation. It has where all who would answer otherwise in
     * the state before it are out of its reach: over before it began, or begun after another write that came after it. An upload
     * that somebody saw stays in any case, or one could not tell what is wrong about having seen it.
     */
    static boolean isDispensable(Operation one, List<Operation> history) {
        return !one.changes()
                || history.stream()
                        .filter(other -> other.number() != one.number() && minds(other, one.writes()))
                        .allMatch(
                                other -> !isSeen(one, other) && (other.isBefore(one) || isCutOff(one, other, history)));
    }

    /** Whether an operation may be legal in that state and not in another. */
    private static boolean minds(Operation operation, int state) {
        return operation.needs(state) || (operation.outcome() == Outcome.REFUSED && operation.isLegalIn(state));
    }

    private static boolean isSeen(Operation write, Operation by) {
        return write.writes() != Operation.ABSENT && by.needs(write.writes());
    }

    private static boolean isCutOff(Operation write, Operation observer, List<Operation> history) {
        return history.stream()
                .anyMatch(between -> between.number() != write.number()
                        && between.changes()
                        && !between.isOpen()
                        && write.isBefore(between)
                        && between.isBefore(observer));
    }
}
