package io.linchpin.http.torture.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The checker's entrance: what counts can say of a key's history, whether it has an order, and the smallest proof that not. */
public final class HistoryCheck {
    /** Configurations that one search looks at before it gives up: some seconds, and some tens of MiB. */
    public static final int BUDGET = 300_000;

    /**
     * What was found of one key.
     *
     * @param symptoms what could be counted
     * @param verdict of the search
     */
    public record Result(Symptoms symptoms, Verdict verdict, boolean mixedAtRest) {
        public boolean isBad() {
            return mixedAtRest || !symptoms.isClean() || verdict instanceof Verdict.NotLinearizable;
        }
    }

    private HistoryCheck() {}

    public static Result check(KeyHistory history) {
        return new Result(
                Symptoms.of(history.operations()), Search.run(history.operations(), BUDGET), history.mixedAtRest());
    }

    /** Proofs that a history is bad, the worst first: at most one torn answer, and one small history without an order. */
    public static List<Defect> explain(KeyHistory history) {
        List<Defect> defects = new ArrayList<>();
        // At rest: the last, after which nobody wrote any more.
        Comparator<Operation> plainest = history.mixedAtRest()
                ? Comparator.comparingLong(Operation::fromNanos).reversed()
                : Comparator.comparing(Operation::call);
        history.operations().stream()
                .filter(one -> one.outcome() == Outcome.TORN)
                .min(plainest)
                .ifPresent(torn -> defects.add(
                        Explanation.ofTorn(history.key(), torn, history.mixedAtRest(), history.operations())));
        if (Search.run(history.operations(), BUDGET) instanceof Verdict.NotLinearizable) {
            defects.add(Explanation.of(history.key(), Shrink.run(history.operations(), BUDGET)));
        }
        defects.sort(Comparator.comparing(Defect::kind));
        return defects;
    }
}
