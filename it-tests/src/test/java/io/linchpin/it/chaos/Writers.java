package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.NodeJvm;
import io.linchpin.it.harness.Upload;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** For each key and each node one client that writes that key through that node, and when what it wrote was accepted. */
final class Writers implements AutoCloseable {
    private static final int PAUSE_MILLIS = 5;

    /** One acknowledged upload. */
    private record Accepted(String target, long sentNanos, long answeredNanos) {}

    private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong(1_000);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean stopped;

    private Writers() {}

    static Writers start(List<SharedKey> keys, List<NodeJvm> nodes) {
        Writers writers = new Writers();
        for (SharedKey key : keys) {
            for (NodeJvm node : nodes) {
                Http http = new Http(node::port);
                writers.running.add(writers.threads.submit(() -> writers.write(key, http)));
            }
        }
        return writers;
    }

    private Void write(SharedKey key, Http http) throws InterruptedException {
        while (!stopped) {
            long sent = System.nanoTime();
            switch (key.put(http, new Upload(numbers.incrementAndGet()))) {
                case Learned.Accepted _ -> accepted.add(new Accepted(key.target(), sent, System.nanoTime()));
                case Learned.Refused _ -> refused.incrementAndGet();
                case Learned.Unknown _ -> unknown.incrementAndGet();
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return null;
    }

    /** None that was sent after the one moment was accepted before the other. */
    void assertNoneAcceptedBetween(long fromNanos, long toNanos) {
        List<Accepted> early = accepted.stream()
                .filter(one -> one.sentNanos > fromNanos && one.answeredNanos < toNanos)
                .toList();
        assertEquals(List.of(), early);
    }

    /** Waits until each has had its last answer; fails where one failed. */
    void stop() throws Exception {
        stopped = true;
        for (Future<?> one : running) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a writer failed: " + e.getCause(), e.getCause());
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
    }

    @Override
    public String toString() {
        return accepted.size() + " uploads accepted, " + refused + " refused, " + unknown + " without an answer";
    }
}
