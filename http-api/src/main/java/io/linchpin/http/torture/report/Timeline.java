package io.linchpin.http.torture.report;

import io.linchpin.http.torture.check.Call;
import io.linchpin.http.torture.check.Operation;
import io.linchpin.http.torture.check.Outcome;
import io.linchpin.http.torture.check.Words;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * A small history drawn: one row an operation, from the request to the answer. Beginnings and ends stand in their true order at
 * equal distances, with the true times below: what matters is what overlaps what.
 */
final class Timeline {
    private static final int ROW = 46;
    private static final int BAR = 24;
    private static final int LABELS = 84;
    private static final int WIDTH = 900;
    private static final int TOP = 16;
    private static final int AXIS = 34;
    private static final int EDGE = 18;
    private static final int LETTER = 7;

    private final List<Operation> history;
    private final long[] moments;
    private final StringBuilder svg = new StringBuilder();

    private Timeline(List<Operation> history) {
        this.history = history;
        this.moments = history.stream()
                .flatMapToLong(one ->
                        one.isOpen() ? LongStream.of(one.fromNanos()) : LongStream.of(one.fromNanos(), one.toNanos()))
                .sorted()
                .distinct()
                .toArray();
    }

    /** As an SVG element. */
    static String of(List<Operation> history) {
        return new Timeline(history).draw();
    }

    private double x(long nanos) {
        int rank = Arrays.binarySearch(moments, nanos);
        double step = (WIDTH - LABELS - 2.0 * EDGE) / Math.max(1, moments.length - 1);
        return LABELS + EDGE + rank * step;
    }

    private String draw() {
        int height = TOP + history.size() * ROW + AXIS;
        svg.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%d operations in time\">%n",
                WIDTH,
                height,
                history.size()));
        axis(TOP + history.size() * ROW);
        for (int i = 0; i < history.size(); i++) {
            row(history.get(i), TOP + i * ROW);
        }
        svg.append("</svg>\n");
        return svg.toString();
    }

    private void axis(int bottom) {
        double lastLabel = Double.NEGATIVE_INFINITY;
        for (long moment : moments) {
            double x = x(moment);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n",
                    x,
                    TOP - 8,
                    x,
                    bottom));
            if (x - lastLabel > 62) {
                double millis = TextReport.millis(moment - moments[0]);
                svg.append(String.format(
                        Locale.ROOT,
                        "<text class=\"tick\" x=\"%.1f\" y=\"%d\">%.2f ms</text>%n",
                        x,
                        bottom + 18,
                        millis));
                lastLabel = x;
            }
        }
    }

    private void row(Operation one, int top) {
        double from = x(one.fromNanos());
        double to = one.isOpen() ? WIDTH : x(one.toNanos());
        int middle = top + ROW / 2;
        svg.append(String.format(
                Locale.ROOT, "<text class=\"who\" x=\"0\" y=\"%d\">client %d</text>%n", middle + 4, one.client()));
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"5\"/>%n",
                kind(one),
                from,
                middle - BAR / 2,
                Math.max(3, to - from),
                BAR));
        String text = label(one);
        int length = text.length() * LETTER;
        if (length < to - from) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text class=\"in\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                    (from + to) / 2,
                    middle + 4,
                    Html.escape(text)));
        } else if (to + length < WIDTH) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text class=\"by\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                    to + 8,
                    middle + 4,
                    Html.escape(text)));
        } else {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text class=\"by end\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                    from - 8,
                    middle + 4,
                    Html.escape(text)));
        }
    }

    private static String kind(Operation one) {
        if (one.outcome() == Outcome.TORN) {
            return "torn";
        }
        if (one.isOpen()) {
            return "open";
        }
        return one.call().isRead() ? "read" : one.outcome() == Outcome.REFUSED ? "refused" : "write";
    }

    /** As short as it can be said; the sentences stand in the table below the drawing. */
    private static String label(Operation one) {
        if (one.outcome() == Outcome.TORN) {
            return one.call() + ": a mixture";
        }
        if (one.call().isRead() || one.call() == Call.DELETE) {
            return one.call() + " " + Words.answered(one);
        }
        String condition = one.expects() == Operation.ANY
                ? ""
                : one.expects() == Operation.ABSENT ? "if absent: " : "if still " + one.expects() + ": ";
        String call = one.call() == Call.COMPLETE ? "multipart" : one.call().name();
        return condition + call + " " + one.writes()
                + switch (one.outcome()) {
                    case DONE -> " ✓";
                    case REFUSED -> " refused";
                    case UNKNOWN -> " ?";
                    case TORN -> "";
                };
    }
}
