package io.linchpin.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelLockTest {
    private final Posix posix = new NativePosix();

    @TempDir
    Path temp;

    private Fd root;

    @BeforeEach
    void openRoot() throws Exception {
        root = Fd.openRoot(posix, temp.toString());
    }

    @AfterEach
    void closeRoot() {
        root.close();
    }

    private Optional<KernelLock> acquire() throws PosixException {
        return KernelLock.tryAcquire(posix, root.number(), "lock");
    }

    private boolean isHeld() throws PosixException {
        return KernelLock.isHeldBySomebody(posix, root.number(), "lock");
    }

    @Test
    void oneHolderWithinAProcess() throws Exception {
        KernelLock first = acquire().orElseThrow();
        assertTrue(first.isHeld() && first.isIntact());
        assertTrue(acquire().isEmpty());
        assertTrue(KernelLock.tryAcquire(new NativePosix(), root.number(), "./lock")
                .isEmpty());
        assertTrue(isHeld());
        first.close();
        first.close();
        assertFalse(first.isHeld());
        assertFalse(isHeld());
        assertTrue(Files.exists(temp.resolve("lock")), "the lock file is never deleted");
        acquire().orElseThrow().close();
    }

    @Test
    void closingOtherDescriptorsOfTheFileDoesNotDropIt() throws Exception {
        try (KernelLock lock = acquire().orElseThrow()) {
            FileIo.writeFully(lock.fd(), ByteBuffer.wrap(new byte[10]), 0);
            assertEquals(10, FileIo.readSmall(root, "lock", 10).length);
            assertTrue(isHeld());
            assertTrue(acquire().isEmpty());
        }
    }

    @Test
    void anotherNameOfTheSameFileIsTheSameLock() throws Exception {
        try (KernelLock lock = acquire().orElseThrow()) {
            assertTrue(lock.isHeld());
            Files.createLink(temp.resolve("alias"), temp.resolve("lock"));
            assertTrue(KernelLock.tryAcquire(posix, root.number(), "alias").isEmpty());
        }
    }

    @Test
    void aRemovedLockFileIsNoticedAndIsNoEvidence() throws Exception {
        try (KernelLock lock = acquire().orElseThrow()) {
            Files.delete(temp.resolve("lock"));
            assertFalse(lock.isIntact());
            assertEquals(
                    Errno.ENOENT,
                    assertThrows(PosixException.class, this::isHeld).errno());
        }
    }

    @Test
    void onlyRegularFilesAreLockFiles() throws Exception {
        Files.createSymbolicLink(temp.resolve("lock"), Path.of("elsewhere"));
        assertEquals(
                Errno.ELOOP, assertThrows(PosixException.class, this::acquire).errno());
        Files.delete(temp.resolve("lock"));
        Files.createDirectory(temp.resolve("lock"));
        assertEquals(
                Errno.EISDIR, assertThrows(PosixException.class, this::acquire).errno());
    }

    @Test
    void threadsContend() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                done.add(threads.submit(() -> {
                    while (taken.get() < 400) {
                        Optional<KernelLock> lock = acquire();
                        if (lock.isPresent()) {
                            try (KernelLock held = lock.get()) {
                                assertTrue(held.isHeld());
                                assertEquals(1, inside.incrementAndGet());
                                taken.incrementAndGet();
                                inside.decrementAndGet();
                            }
                        }
                    }
                    return 0;
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
        assertTrue(taken.get() >= 400);
    }
}
