package io.linchpin.http.torture.report;

import io.linchpin.http.torture.check.Defect;
import io.linchpin.http.torture.check.Operation;
import io.linchpin.http.torture.check.Words;
import java.io.PrintStream;
import java.util.Map;

/** The summary for a terminal. */
public final class TextReport {
    private TextReport() {}

    /** What is raced on, before it begins. */
    public static void begin(String subject, String load, String features, String missing, PrintStream out) {
        out.println(subject + ": " + load);
        out.println("  with    " + features);
        if (!missing.isEmpty()) {
            out.println("  without " + missing);
        }
    }

    public static void end(Summary summary, PrintStream out) {
        out.println();
        for (Figure figure : Figure.of(summary)) {
            out.printf("  %-36s %s%n", figure.what(), figure.counted());
        }
        if (summary.undecided() > 0) {
            out.printf(
                    "  %-36s %,d of %,d keys: too many orders to look at%n",
                    "not decided", summary.undecided(), summary.keys());
        }
        if (summary.symptoms().unknown() > 0) {
            out.printf(
                    "  %-36s %,d writes%n",
                    "outcome unknown", summary.symptoms().unknown());
        }
        summary.failures().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(one -> out.printf(
                        "  %-36s %,d %s%n",
                        "answered " + one.getKey(), one.getValue(), one.getValue() == 1 ? "time" : "times"));
        for (Defect defect : summary.defects()) {
            out.println();
            out.println("  " + defect.kind().words() + " (" + defect.key() + ")");
            out.println("    " + defect.sentence());
            if (defect.proof().size() > 1) {
                long zero = defect.proof().getFirst().fromNanos();
                defect.proof().forEach(one -> out.println("    " + line(one, zero)));
            }
        }
        out.println();
        summary.histories().ifPresent(file -> out.println("Histories: " + file));
        out.println(verdict(summary));
    }

    /** In one sentence. */
    static String verdict(Summary summary) {
        if (summary.isViolated()) {
            return "VIOLATED: " + summary.subject() + " broke its promises; the smallest proofs are above.";
        }
        return "No violation: every answer about " + String.format("%,d", summary.keys())
                + " keys fits one order of what was asked."
                + (summary.undecided() > 0 ? " (" + summary.undecided() + " keys could not be decided.)" : "");
    }

    private static String line(Operation one, long zero) {
        String until = one.isOpen() ? "   ...  " : String.format("%8.3f", millis(one.toNanos() - zero));
        return String.format(
                "%8.3f - %s ms  client %-2d  %s", millis(one.fromNanos() - zero), until, one.client(), Words.of(one));
    }

    static double millis(long nanos) {
        return nanos / 1e6;
    }
}
