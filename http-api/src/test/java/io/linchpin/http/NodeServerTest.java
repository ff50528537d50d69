package io.linchpin.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NodeServerTest {
    /** A system call cannot be interrupted, nor can this. */
    @Test
    void theEndOfAPoolWaitsForWhatHasBegunAndDropsTheRest() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        pool.execute(() -> {
            begun.countDown();
            while (proceed.getCount() > 0) {
                try {
                    proceed.await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }
            done.incrementAndGet();
        });
        pool.execute(done::incrementAndGet);
        begun.await();
        Thread ending = Thread.ofPlatform().start(() -> NodeServer.end(List.of(pool)));
        interrupted.await();
        assertTrue(ending.isAlive());
        assertEquals(0, done.get());
        proceed.countDown();
        ending.join();
        assertEquals(1, done.get());
    }
}
