package io.linchpin.http.torture;

import io.linchpin.http.torture.check.Defect;
import io.linchpin.http.torture.check.HistoryCheck;
import io.linchpin.http.torture.check.KeyHistory;
import io.linchpin.http.torture.report.HistoryFile;
import io.linchpin.http.torture.report.HtmlReport;
import io.linchpin.http.torture.report.JsonReport;
import io.linchpin.http.torture.report.Summary;
import io.linchpin.http.torture.report.TextReport;
import io.linchpin.http.torture.s3.Answer;
import io.linchpin.http.torture.s3.Bucket;
import io.linchpin.http.torture.s3.Endpoint;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** One run against an endpoint: probe, race, check, clean up, report. Or the check of a file alone. */
public final class Torture {
    /** Every promise was kept, as far as was seen. */
    public static final int KEPT = 0;

    /** At least one was broken. */
    public static final int VIOLATED = 1;

    /** Nothing could be said of the endpoint: EX_UNAVAILABLE of sysexits.h. */
    public static final int UNUSABLE = 69;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long EXPLAIN_NANOS = Duration.ofSeconds(10).toNanos();

    private final TortureSettings settings;
    private final PrintStream out;
    private final PrintStream err;
    private final AtomicBoolean stopped = new AtomicBoolean();

    private Torture(TortureSettings settings, PrintStream out, PrintStream err) {
        this.settings = settings;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs, and prints what it found.
     *
     * @param out gets the summary
     * @param err gets the progress, and what went wrong
     * @return {@link #KEPT}, {@link #VIOLATED} or {@link #UNUSABLE}
     * @throws IOException where a report could not be written
     */
    public static int run(TortureSettings settings, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        return new Torture(settings, out, err).run();
    }

    /** Checks the histories of a file again, and prints what it found; as {@link #run}. */
    public static int replay(Path file, Optional<Path> report, boolean json, PrintStream out) throws IOException {
        Findings findings = new Findings();
        HistoryFile.read(file, history -> findings.add(history, HistoryCheck.check(history)));
        Summary summary = summary(file.toString(), "", "", Optional.empty(), new Tally(), findings, Optional.empty());
        return print(summary, report, json, out);
    }

    private int run() throws IOException, InterruptedException {
        try (Endpoint endpoint = new Endpoint(
                settings.url(), settings.credentials(), settings.region(), settings.sessionToken(), PATIENCE)) {
            Bucket bucket = new Bucket(endpoint, "linchpin-torture-" + UUID.randomUUID());
            Answer created = bucket.create();
            if (!created.isSuccess()) {
                err.println(
                        settings.url() + " cannot be tested: to make a bucket was answered with " + created.words());
                return UNUSABLE;
            }
            Thread rescue = Thread.ofPlatform().unstarted(() -> removeQuietly(bucket));
            Runtime.getRuntime().addShutdownHook(rescue);
            try {
                return run(bucket);
            } finally {
                Cleanup.remove(bucket)
                        .ifPresent(why -> err.println("The bucket " + bucket.name() + " could not be removed: " + why));
                leaveToNobody(rescue);
            }
        }
    }

    /** After Ctrl-C. */
    private void removeQuietly(Bucket bucket) {
        stopped.set(true);
        try {
            Cleanup.remove(bucket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void leaveToNobody(Thread rescue) {
        try {
            Runtime.getRuntime().removeShutdownHook(rescue);
        } catch (IllegalStateException shuttingDown) {
            // It runs already, and finds nothing to do.
        }
    }

    private int run(Bucket bucket) throws IOException, InterruptedException {
        Features features = new Features();
        Optional<String> unusable = Probe.run(bucket, features);
        if (unusable.isPresent()) {
            err.println(settings.url() + " cannot be tested: " + unusable.get());
            return UNUSABLE;
        }
        String load = settings.clients() + " clients for " + settings.seconds() + " s";
        if (!settings.json()) {
            TextReport.begin(
                    settings.url().toString(),
                    load,
                    features.present(),
                    features.missing().orElse(""),
                    out);
        }
        Tally tally = new Tally();
        Findings findings = new Findings();
        Optional<Path> all = settings.history();
        if (all.isPresent()) {
            try (HistoryFile file = HistoryFile.create(all.get(), settings.url().toString())) {
                new Race(settings, bucket, features, tally, findings, Optional.of(file), stopped, err).run();
            }
        } else {
            new Race(settings, bucket, features, tally, findings, Optional.empty(), stopped, err).run();
        }
        Optional<Path> histories = all.isPresent() ? all : keepBad(findings.bad());
        Summary summary = summary(
                settings.url().toString(), load, features.present(), features.missing(), tally, findings, histories);
        return print(summary, settings.report(), settings.json(), out);
    }

    /** Evidence may not come again: beside the report, or where temporary files are. */
    private Optional<Path> keepBad(List<KeyHistory> bad) throws IOException {
        if (bad.isEmpty()) {
            return Optional.empty();
        }
        Path file = settings.report().isPresent()
                ? Path.of(settings.report().get() + ".jsonl")
                : Files.createTempFile("linchpin-torture-", ".jsonl");
        try (HistoryFile histories = HistoryFile.create(file, settings.url().toString())) {
            for (KeyHistory history : bad) {
                histories.write(history);
            }
        }
        return Optional.of(file);
    }

    private static Summary summary(
            String subject,
            String load,
            String features,
            Optional<String> missing,
            Tally tally,
            Findings findings,
            Optional<Path> histories) {
        List<Defect> defects = findings.smallestOfEachKind(EXPLAIN_NANOS);
        return new Summary(
                subject,
                load,
                features,
                missing,
                tally.calls(),
                tally.failures(),
                findings.symptoms(),
                findings.keys(),
                findings.notLinearizable(),
                findings.undecided(),
                findings.mixedAtRest(),
                defects,
                histories);
    }

    private static int print(Summary summary, Optional<Path> report, boolean json, PrintStream out) throws IOException {
        if (report.isPresent()) {
            Files.writeString(
                    report.get(),
                    HtmlReport.of(
                            summary,
                            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
        }
        if (json) {
            out.println(JsonReport.of(summary));
        } else {
            TextReport.end(summary, out);
            report.ifPresent(file -> out.println("Report: " + file));
        }
        return summary.isViolated() ? VIOLATED : KEPT;
    }
}
