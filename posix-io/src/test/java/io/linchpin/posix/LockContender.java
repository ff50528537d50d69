package io.linchpin.posix;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A process of {@link KernelLockProcessTest}: takes the lock again and again and, between taking and releasing it, tells the
 * referee so and waits for its word. Arguments: the lock file, and how often.
 */
final class LockContender {
    private LockContender() {}

    public static void main(String[] arguments) throws Exception {
        Posix posix = new NativePosix();
        BufferedReader referee = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (int round = Integer.parseInt(arguments[1]); round > 0; round--) {
            Optional<KernelLock> lock = Optional.empty();
            while (lock.isEmpty()) {
                lock = KernelLock.tryAcquire(posix, Posix.AT_FDCWD, arguments[0]);
                Thread.onSpinWait();
            }
            try (KernelLock held = lock.get()) {
                say("acquired", referee);
                if (!held.isIntact()) {
                    throw new IllegalStateException("the lock file was replaced");
                }
                say("releasing", referee);
            }
        }
        System.out.println("done");
    }

    private static void say(String line, BufferedReader referee) throws Exception {
        System.out.println(line);
        if (!"go on".equals(referee.readLine())) {
            throw new IllegalStateException("no referee");
        }
    }
}
