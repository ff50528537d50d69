package io.linchpin.store.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads that publish. Each takes several keys at a time: a mark in the journal, and a thread woken, for each single
 * one cost more than its moves.
 */
final class PublishThreads implements PublishQueue {
    private static final Logger log = LoggerFactory.getLogger(PublishThreads.class);

    /** Keys of one turn at most: the first of them is told after the last is in place. */
    private static final int MOST_OF_A_TURN = 8;

    private final int threads;
    private final ExecutorService executor;
    private final Consumer<List<KeyCommits>> publish;
    private final Consumer<Throwable> failed;
    private final Queue<KeyCommits> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();

    /**
     * @param publish publishes what is durable of these keys
     * @param failed told of what publishing must not throw
     */
    PublishThreads(int threads, Consumer<List<KeyCommits>> publish, Consumer<Throwable> failed) {
        this.threads = threads;
        this.publish = publish;
        this.failed = failed;
        this.executor = Executors.newFixedThreadPool(
                threads,
                Thread.ofPlatform().name("linchpin-publish-", 0).daemon().factory());
    }

    @Override
    public void add(KeyCommits key) {
        ready.add(key);
        begin();
    }

    private void begin() {
        for (int now = running.get(); now < threads; now = running.get()) {
            if (running.compareAndSet(now, now + 1)) {
                execute(this::run);
                return;
            }
        }
    }

    private void run() {
        try {
            for (List<KeyCommits> turn = take(); !turn.isEmpty(); turn = take()) {
                publish.accept(turn);
            }
        } finally {
            running.decrementAndGet();
        }
        // Added after the last look, by somebody who still counted this one as running.
        if (!ready.isEmpty()) {
            begin();
        }
    }

    private List<KeyCommits> take() {
        List<KeyCommits> turn = new ArrayList<>(MOST_OF_A_TURN);
        KeyCommits key = ready.poll();
        while (key != null) {
            turn.add(key);
            key = turn.size() < MOST_OF_A_TURN ? ready.poll() : null;
        }
        return turn;
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    failed.accept(e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("the store is closed; nothing more is published", e);
        }
    }

    @Override
    public void close() {
        executor.close();
    }
}
