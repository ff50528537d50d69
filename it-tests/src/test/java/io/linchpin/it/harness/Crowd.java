package io.linchpin.it.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Tasks that run side by side until a time is over. */
public final class Crowd {
    private Crowd() {}

    /** One turn of a task. */
    @FunctionalInterface
    public interface Turn {
        void run(int who) throws Exception;
    }

    /** Repeats the turn of each for so many seconds; the first that fails fails the call. */
    public static void forSeconds(int seconds, List<Turn> turns) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Turn> loops = turns.stream()
                .map(turn -> (Turn) who -> {
                    while (System.nanoTime() < end) {
                        turn.run(who);
                    }
                })
                .toList();
        once(loops);
    }

    /** Runs each once, all at the same time. */
    public static void once(List<Turn> turns) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < turns.size(); i++) {
                int who = i;
                running.add(threads.submit(() -> {
                    turns.get(who).run(who);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }
}
