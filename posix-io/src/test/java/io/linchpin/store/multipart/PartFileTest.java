package io.linchpin.store.multipart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.ForwardingPosix;
import io.linchpin.store.value.PartNumber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A close that comes while another thread is at work: as when a connection breaks under a write. */
class PartFileTest {
    private static final byte[] BYTES = "sixteen bytes ..".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path dir;

    /** Holds the first call of that name, once armed, until it is let go. */
    private static final class HeldPosix extends ForwardingPosix {
        private final NativePosix real = new NativePosix();
        private final AtomicReference<String> armed = new AtomicReference<>("");
        private final CountDownLatch within = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        protected Posix delegate() {
            return real;
        }

        private void hold(String call) {
            if (armed.compareAndSet(call, "")) {
                within.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public long pwrite(int fd, ByteBuffer from, long offset) {
            hold("pwrite");
            return super.pwrite(fd, from, offset);
        }

        @Override
        public int fdatasync(int fd) {
            hold("fdatasync");
            return super.fdatasync(fd);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    private static Thread start(Step step, CompletableFuture<Void> done) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                step.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
    }

    /** Whether the thread waits for a monitor rather than going on to its end. */
    private static boolean waits(Thread thread) {
        while (thread.getState() != Thread.State.BLOCKED && thread.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        return thread.getState() == Thread.State.BLOCKED;
    }

    private static String claim(Uploads uploads) throws Exception {
        return Files.readString(uploads.file(UploadFiles.claim(new PartNumber(1))));
    }

    @Test
    void aSlotIsNotGivenUpWhileItIsBeingWrittenTo() throws Exception {
        HeldPosix posix = new HeldPosix();
        try (Uploads uploads = new Uploads(dir, new Random(1), posix)) {
            PartFile part = uploads.openPart(1, 2L * BYTES.length);
            posix.armed.set("pwrite");
            CompletableFuture<Void> written = new CompletableFuture<>();
            start(() -> part.write(ByteBuffer.wrap(BYTES)), written);
            posix.within.await();
            CompletableFuture<Void> closed = new CompletableFuture<>();
            assertTrue(waits(start(part::close, closed)), "close did not wait for the write");
            assertEquals(Uploads.SELF + "\n", claim(uploads));
            posix.goOn.countDown();
            written.get();
            closed.get();
            assertEquals("ended\n", claim(uploads));
            assertThrows(IllegalStateException.class, () -> part.write(ByteBuffer.wrap(BYTES)));
        }
    }

    @Test
    void aPartThatIsBeingMadeDurableIsKept() throws Exception {
        HeldPosix posix = new HeldPosix();
        try (Uploads uploads = new Uploads(dir, new Random(1), posix)) {
            PartFile part = uploads.openPart(1, BYTES.length);
            part.write(ByteBuffer.wrap(BYTES));
            posix.armed.set("fdatasync");
            CompletableFuture<Void> prepared = new CompletableFuture<>();
            start(() -> part.prepare(Uploads.md5(BYTES), Uploads.crc(BYTES), Uploads.NOW), prepared);
            posix.within.await();
            CompletableFuture<Void> closed = new CompletableFuture<>();
            assertTrue(waits(start(part::close, closed)), "close did not wait for the sync");
            assertEquals(Uploads.SELF + "\n", claim(uploads));
            posix.goOn.countDown();
            prepared.get();
            closed.get();
            assertTrue(Files.exists(uploads.file(UploadFiles.prepared(part.partId()))));
        }
    }
}
