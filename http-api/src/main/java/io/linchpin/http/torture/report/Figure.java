package io.linchpin.http.torture.report;

import io.linchpin.http.torture.check.Symptoms;
import java.util.List;

/**
 * One line of the result: so many of so many.
 *
 * @param what went wrong
 * @param of what it is a part
 */
public record Figure(String what, long bad, long all, String of) {
    /** All of them, in the order in which they are shown. */
    public static List<Figure> of(Summary summary) {
        Symptoms s = summary.symptoms();
        return List.of(
                new Figure("torn responses", s.torn(), s.reads(), "reads"),
                new Figure("objects left mixed at rest", summary.mixedAtRest(), summary.keys(), "keys"),
                new Figure("lost updates", s.lostUpdates(), s.updates(), "acknowledged If-Match writes"),
                new Figure("several winners of one create", s.extraWinners(), s.creates(), "acknowledged creates"),
                new Figure("acknowledged objects missing", s.missing(), s.reads(), "reads"),
                new Figure("stale reads", s.stale(), s.reads(), "reads"),
                new Figure("uploads seen before they were sent", s.early(), s.reads(), "reads"),
                new Figure("histories that no order explains", summary.notLinearizable(), summary.keys(), "keys"));
    }

    public String counted() {
        return String.format("%,d of %,d %s", bad, all, of);
    }
}
