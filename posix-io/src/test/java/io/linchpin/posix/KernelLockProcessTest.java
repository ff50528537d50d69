package io.linchpin.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes contend for a kernel lock; this process is the referee, who fails on the first overlap. */
class KernelLockProcessTest {
    private static final int PROCESSES = 4;
    private static final int ROUNDS = 200;
    private final Posix posix = new NativePosix();

    @TempDir
    Path temp;

    private String path = "";

    @BeforeEach
    void name() {
        path = temp.resolve("lock").toString();
    }

    private boolean isHeld() throws PosixException {
        return KernelLock.isHeldBySomebody(posix, Posix.AT_FDCWD, path);
    }

    @Test
    void noTwoProcessesHoldItAtOnce() throws Exception {
        AtomicReference<Optional<Integer>> holder = new AtomicReference<>(Optional.empty());
        List<ForkedJvm> contenders = new ArrayList<>();
        try (ExecutorService referees = Executors.newFixedThreadPool(PROCESSES)) {
            List<Future<Integer>> verdicts = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                ForkedJvm contender = ForkedJvm.start(LockContender.class, path, Integer.toString(ROUNDS));
                contenders.add(contender);
                verdicts.add(referees.submit(() -> referee(contender, holder)));
            }
            for (Future<Integer> verdict : verdicts) {
                assertEquals(ROUNDS, verdict.get());
            }
            assertFalse(isHeld());
        } finally {
            for (ForkedJvm contender : contenders) {
                contender.close();
            }
        }
    }

    private static int referee(ForkedJvm contender, AtomicReference<Optional<Integer>> holder) throws Exception {
        Optional<Integer> me = Optional.of(contender.pid());
        for (int taken = 0; ; taken++) {
            String line = contender.read();
            if (line.equals("done")) {
                return taken;
            }
            assertEquals("acquired", line);
            assertEquals(Optional.empty(), holder.getAndSet(me), "two hold the lock at once");
            contender.write("go on");
            assertEquals("releasing", contender.read());
            assertEquals(me, holder.getAndSet(Optional.empty()));
            contender.write("go on");
        }
    }

    @Test
    void aKilledHoldersLockIsFree() throws Exception {
        try (ForkedJvm holder = ForkedJvm.start(LockContender.class, path, "1")) {
            assertEquals("acquired", holder.read());
            assertTrue(isHeld());
            holder.kill();
            assertFalse(isHeld());
            try (KernelLock mine =
                    KernelLock.tryAcquire(posix, Posix.AT_FDCWD, path).orElseThrow()) {
                assertTrue(mine.isHeld());
            }
        }
    }

    @Test
    void aStoppedHolderKeepsItsLock() throws Exception {
        try (ForkedJvm holder = ForkedJvm.start(LockContender.class, path, "1")) {
            assertEquals("acquired", holder.read());
            holder.write("go on");
            assertEquals("releasing", holder.read());
            holder.stop();
            holder.write("go on");
            for (int look = 0; look < 1000; look++) {
                assertTrue(isHeld());
                assertTrue(KernelLock.tryAcquire(posix, Posix.AT_FDCWD, path).isEmpty());
            }
            holder.resume();
            assertEquals("done", holder.read());
            assertFalse(isHeld());
        }
    }
}
