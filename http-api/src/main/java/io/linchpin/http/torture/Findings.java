package io.linchpin.http.torture;

import io.linchpin.http.torture.check.Defect;
import io.linchpin.http.torture.check.HistoryCheck;
import io.linchpin.http.torture.check.KeyHistory;
import io.linchpin.http.torture.check.Symptoms;
import io.linchpin.http.torture.check.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** What checks have found so far. It keeps counts of all keys, and the histories of some bad ones. */
final class Findings {
    /** Histories of bad keys that are kept, in memory and in a file of their own. */
    static final int MOST_KEPT = 60;

    private final List<KeyHistory> bad = new ArrayList<>();
    private Symptoms symptoms = Symptoms.NONE;
    private int keys;
    private int badKeys;
    private int notLinearizable;
    private int undecided;
    private int mixedAtRest;

    /** Keeps what a check found. */
    synchronized void add(KeyHistory history, HistoryCheck.Result result) {
        keys++;
        symptoms = symptoms.plus(result.symptoms());
        notLinearizable += result.verdict() instanceof Verdict.NotLinearizable ? 1 : 0;
        undecided += result.verdict() instanceof Verdict.Undecided ? 1 : 0;
        mixedAtRest += result.mixedAtRest() ? 1 : 0;
        if (result.isBad()) {
            badKeys++;
            if (bad.size() < MOST_KEPT) {
                bad.add(history);
            }
        }
    }

    synchronized Symptoms symptoms() {
        return symptoms;
    }

    synchronized int keys() {
        return keys;
    }

    synchronized int badKeys() {
        return badKeys;
    }

    synchronized int notLinearizable() {
        return notLinearizable;
    }

    synchronized int undecided() {
        return undecided;
    }

    synchronized int mixedAtRest() {
        return mixedAtRest;
    }

    synchronized List<KeyHistory> bad() {
        return List.copyOf(bad);
    }

    /**
     * The smallest proof of each kind, the worst kind first.
     *
     * @param withinNanos after which no further history is looked at
     */
    List<Defect> smallestOfEachKind(long withinNanos) {
        long start = System.nanoTime();
        Map<Defect.Kind, Defect> smallest = new EnumMap<>(Defect.Kind.class);
        for (KeyHistory history : bad()) {
            for (Defect defect : HistoryCheck.explain(history)) {
                smallest.merge(defect.kind(), defect, BinaryOperator.minBy(Defect.PLAINEST_FIRST));
            }
            if (System.nanoTime() - start > withinNanos) {
                break;
            }
        }
        return smallest.values().stream()
                .sorted(Comparator.comparing(Defect::kind))
                .toList();
    }
}
