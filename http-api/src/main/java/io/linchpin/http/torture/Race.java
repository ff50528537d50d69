package io.linchpin.http.torture;

import io.linchpin.http.torture.check.HistoryCheck;
import io.linchpin.http.torture.check.KeyHistory;
import io.linchpin.http.torture.report.HistoryFile;
import io.linchpin.http.torture.s3.Bucket;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** All clients at once for some seconds. Every key that comes to rest is judged while they go on with the next. */
final class Race {
    /** Keys at rest that wait to be judged. With more of them the client that brings one judges it itself. */
    private static final int MOST_WAITING = 16;

    private final TortureSettings settings;
    private final Bucket bucket;
    private final Features features;
    private final Tally tally;
    private final Findings findings;
    private final Optional<HistoryFile> histories;
    private final Progress progress;
    private final AtomicBoolean stopped;
    private final long startNanos = System.nanoTime();
    private final Arena arena;
    private final ThreadPoolExecutor judge = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("judge").factory(),
            new ThreadPoolExecutor.CallerRunsPolicy());

    /** @param stopped ends the race early once it is set */
    Race(
            TortureSettings settings,
            Bucket bucket,
            Features features,
            Tally tally,
            Findings findings,
            Optional<HistoryFile> histories,
            AtomicBoolean stopped,
            PrintStream err) {
        this.settings = settings;
        this.bucket = bucket;
        this.features = features;
        this.tally = tally;
        this.findings = findings;
        this.histories = histories;
        this.stopped = stopped;
        this.progress = new Progress(err);
        this.arena = new Arena(features, settings.clients());
    }

    private long nanos() {
        return System.nanoTime() - startNanos;
    }

    /** Returns when every key has been judged. */
    void run() throws InterruptedException, IOException {
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 1; i <= settings.clients(); i++) {
                Client client = client(i);
                clients.add(threads.submit(() -> {
                    play(client);
                    return null;
                }));
            }
            for (Future<?> one : clients) {
                while (!isDone(one)) {
                    progress.show(nanos(), tally.sum(), findings);
                }
            }
            for (KeyRun run : arena.close()) {
                judge(client(0), run);
            }
        } finally {
            judge.shutdown();
        }
        while (!judge.awaitTermination(1, TimeUnit.SECONDS)) {
            progress.show(nanos(), tally.sum(), findings);
        }
        progress.end();
    }

    private Client client(int number) {
        return new Client(number, bucket, features, tally, this::nanos);
    }

    private static boolean isDone(Future<?> client) throws InterruptedException, IOException {
        try {
            client.get(1, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException("a client failed: " + e.getCause(), e);
        }
    }

    private void play(Client client) throws InterruptedException {
        SplittableRandom random = new SplittableRandom();
        long end = TimeUnit.SECONDS.toNanos(settings.seconds());
        while (nanos() < end && !stopped.get()) {
            KeyRun run = arena.enter(random);
            boolean atRest;
            try {
                client.step(run, random);
            } finally {
                atRest = run.leave();
            }
            if (atRest) {
                judge(client, run);
            }
        }
    }

    private void judge(Client client, KeyRun run) throws InterruptedException {
        client.lookAtRest(run);
        boolean etagsAreDigests = features.md5Etags() && (features.md5PartEtags() || !features.has(Feature.MULTIPART));
        judge.execute(() -> {
            KeyHistory history = Resolution.of(run, etagsAreDigests);
            findings.add(history, HistoryCheck.check(history));
            histories.ifPresent(file -> write(file, history));
        });
    }

    private static void write(HistoryFile file, KeyHistory history) {
        try {
            file.write(history);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
