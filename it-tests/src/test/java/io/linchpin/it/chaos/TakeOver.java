package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.NodeJvm;
import io.linchpin.it.harness.Upload;
import io.linchpin.posix.ProcessCalls;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** How long the keys of a killed node take no writes. */
final class TakeOver {
    /** The product promises about half a second; this limit, of nine keys in ten, only tells a broken take-over from a busy machine. */
    private static final long LIMIT_MILLIS = 5_000;

    private static final int PAUSE_MILLIS = 5;

    private final List<Long> ofKeys = new ArrayList<>();
    private final List<Long> ofNodes = new ArrayList<>();

    /**
     * Kills, and writes a key of each shard that the node owned, each in a request of its own sent to a survivor at the
     * moment of the kill, until all are accepted.
     *
     * @param targets keys that the victim owns
     * @param survivors asked in turn
     */
    void measure(NodeJvm victim, List<String> targets, List<NodeJvm> survivors) throws Exception {
        CountDownLatch killed = new CountDownLatch(1);
        long[] killedAt = new long[1];
        List<Long> millis = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> answers = new ArrayList<>();
            for (int i = 0; i < targets.size(); i++) {
                String target = targets.get(i);
                NodeJvm survivor = survivors.get(i % survivors.size());
                answers.add(threads.submit(() -> {
                    killed.await();
                    untilAccepted(new Http(survivor::port), target);
                    return System.nanoTime() - killedAt[0];
                }));
            }
            killedAt[0] = System.nanoTime();
            ProcessCalls.kill(Math.toIntExact(victim.pid()), ProcessCalls.SIGKILL);
            killed.countDown();
            for (Future<Long> answer : answers) {
                millis.add(TimeUnit.NANOSECONDS.toMillis(answer.get()));
            }
        }
        victim.kill();
        Collections.sort(millis);
        System.out.println("killed pid " + victim.pid() + "; its keys take writes again after, ms: "
                + (millis.isEmpty() ? "it owned none" : distribution(millis)));
        ofKeys.addAll(millis);
        if (!millis.isEmpty()) {
            ofNodes.add(millis.getLast());
        }
    }

    /** Puts until it is accepted. */
    static void untilAccepted(Http http, String target) throws InterruptedException {
        Upload upload = new Upload(7);
        while (!(Learned.of(200, () -> http.put(target, upload.body(), upload.headers()))
                instanceof Learned.Accepted)) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Prints what was measured; fails where a take-over was broken. */
    void report() {
        Collections.sort(ofKeys);
        Collections.sort(ofNodes);
        System.out.println("kills: " + ofNodes.size() + "; from kill -9 until a write is accepted again, ms: each key "
                + distribution(ofKeys) + "; the slowest key of each kill " + distribution(ofNodes));
        assertTrue(ofKeys.get(ofKeys.size() * 9 / 10) < LIMIT_MILLIS, ofKeys.toString());
    }

    private static String distribution(List<Long> sorted) {
        int n = sorted.size();
        return "min " + sorted.getFirst() + " median " + sorted.get(n / 2) + " p90 " + sorted.get(n * 9 / 10) + " max "
                + sorted.getLast() + " (" + n + ")";
    }
}
