package io.linchpin.http.torture.report;

import io.linchpin.http.torture.check.Defect;
import io.linchpin.http.torture.check.Operation;
import io.linchpin.http.torture.check.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** The summary as one page that needs nothing else: no script, no font, no image from anywhere. */
public final class HtmlReport {
    private final Summary summary;
    private final StringBuilder page = new StringBuilder(16_384);

    private HtmlReport(Summary summary) {
        this.summary = summary;
    }

    /**
     * The page.
     *
     * @param when for people
     */
    public static String of(Summary summary, String when) throws IOException {
        return new HtmlReport(summary).write(when);
    }

    private String write(String when) throws IOException {
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(summary.isViolated() ? "Violated: " : "No violation: ")
                .append(Html.escape(summary.subject()))
                .append("</title>\n<style>\n")
                .append(style())
                .append("</style></head>\n<body><main>\n<h1>linchpin torture &nbsp;·&nbsp; <b>")
                .append(Html.escape(summary.subject()))
                .append("</b> &nbsp;·&nbsp; ")
                .append(Html.escape(when))
                .append("</h1>\n");
        verdict();
        figures();
        summary.defects().forEach(this::defect);
        details();
        page.append(
                        "<footer>An answer is explained where one order of the operations, each taking effect at one moment ")
                .append(
                        "between its request and its answer, gives every client what it saw. Proofs were made as small ")
                .append("as they could be: nothing in them can be left out.</footer>\n</main></body></html>\n");
        return page.toString();
    }

    private static String style() throws IOException {
        try (InputStream css = HtmlReport.class.getResourceAsStream("page.css")) {
            if (css == null) {
                throw new IOException("page.css is not on the class path");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void verdict() {
        page.append("<div class=\"card verdict")
                .append(summary.isViolated() ? " violated" : "")
                .append("\"><strong>");
        page.append(summary.isViolated() ? "The endpoint broke its promises" : "No violation found");
        page.append("</strong><p class=\"facts\">");
        if (!summary.load().isEmpty()) {
            page.append("<b>").append(Html.escape(summary.load())).append("</b>, ");
            page.append(String.format(Locale.ROOT, "%,d requests to ", summary.operations()));
        }
        page.append(String.format(Locale.ROOT, "%,d keys. ", summary.keys()));
        if (!summary.features().isEmpty()) {
            page.append("Raced with ").append(Html.escape(summary.features())).append(". ");
        }
        summary.missing()
                .ifPresent(missing -> page.append("<br>Not there, so not raced with: ")
                        .append(Html.escape(missing))
                        .append('.'));
        page.append("</p></div>\n");
    }

    private void figures() {
        page.append("<div class=\"card\"><table>\n");
        for (Figure figure : Figure.of(summary)) {
            page.append(String.format(
                    Locale.ROOT,
                    "<tr class=\"%s\"><td class=\"n\">%,d</td><td class=\"what\">%s</td><td class=\"of\">of %,d %s</td></tr>%n",
                    figure.bad() > 0 ? "bad" : figure.all() > 0 ? "good" : "none",
                    figure.bad(),
                    figure.what(),
                    figure.all(),
                    figure.of()));
        }
        page.append("</table></div>\n");
    }

    private void defect(Defect defect) {
        String kind = defect.kind().words();
        page.append("<h2>")
                .append(Html.escape(kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1)))
                .append("</h2>\n<p>")
                .append(Html.escape(defect.sentence()))
                .append(" <code>")
                .append(Html.escape(defect.key()))
                .append("</code></p>\n<div class=\"card\">\n");
        page.append(Timeline.of(defect.proof()));
        page.append("<div class=\"key\"><span><i style=\"background:#2563a8\"></i>write, acknowledged</span>")
                .append("<span><i style=\"background:#3d8b6f\"></i>read</span>")
                .append("<span><i style=\"background:#7b8794\"></i>refused</span>")
                .append("<span><i style=\"background:#c9871f\"></i>outcome unknown</span>")
                .append(
                        "<span><i style=\"background:#b42318\"></i>mixture</span><span>order true, distances not to scale</span></div>\n</div>\n");
        page.append(
                "<div class=\"card\"><table><tr><th>from</th><th>to</th><th>client</th><th>request</th><th>answer</th></tr>\n");
        long zero = defect.proof().getFirst().fromNanos();
        for (Operation one : defect.proof()) {
            page.append(String.format(
                    Locale.ROOT,
                    "<tr><td class=\"t\">%.3f ms</td><td class=\"t\">%s</td><td>%d</td><td>%s</td><td>%s</td></tr>%n",
                    TextReport.millis(one.fromNanos() - zero),
                    one.isOpen() ? "…" : String.format(Locale.ROOT, "%.3f ms", TextReport.millis(one.toNanos() - zero)),
                    one.client(),
                    Html.escape(Words.asked(one)),
                    Html.escape(Words.answered(one))));
        }
        page.append("</table></div>\n");
    }

    private void details() {
        if (summary.calls().isEmpty() && summary.failures().isEmpty()) {
            return;
        }
        page.append("<h2>What was sent</h2>\n<div class=\"card\"><table>\n");
        summary.calls().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(one -> count(one.getKey().name(), one.getValue(), ""));
        if (summary.symptoms().unknown() > 0) {
            count("writes of unknown outcome", summary.symptoms().unknown(), "may have taken effect, or not");
        }
        if (summary.undecided() > 0) {
            count("keys not decided", summary.undecided(), "too many orders to look at");
        }
        summary.failures().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(one -> count(one.getKey(), one.getValue(), "neither done nor refused by its condition"));
        page.append("</table></div>\n");
        summary.histories()
                .ifPresent(file -> page.append("<p class=\"facts\">Histories: <code>")
                        .append(Html.escape(file.toString()))
                        .append("</code></p>\n"));
    }

    private void count(String what, long count, String remark) {
        page.append(String.format(
                Locale.ROOT,
                "<tr><td class=\"n\">%,d</td><td>%s</td><td class=\"of\">%s</td></tr>%n",
                count,
                Html.escape(what),
                Html.escape(remark)));
    }
}
