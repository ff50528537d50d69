package io.linchpin.store.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.ForwardingPosix;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A close that comes while another thread reads: as when a connection breaks under its answer. */
class OpenObjectTest {
    private static final ObjectId KEY = StoreFixture.object("a/b");

    @TempDir
    private Path directory;

    private final AtomicBoolean armed = new AtomicBoolean();
    private final CountDownLatch within = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private final Posix posix = new ForwardingPosix() {
        private final NativePosix real = new NativePosix();

        @Override
        protected Posix delegate() {
            return real;
        }

        @Override
        public long pread(int fd, ByteBuffer into, long offset) {
            if (armed.compareAndSet(true, false)) {
                within.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return super.pread(fd, into, offset);
        }
    };

    @Test
    void theDescriptorOutlivesTheReadThatUsesIt() throws Exception {
        StoreFixture store = new StoreFixture(directory, posix);
        store.put(KEY, new Stamp(1_700_000_000_000_000_001L), "hello");
        OpenObject object = assertInstanceOf(Opened.Found.class, new ObjectReader(store.root).open(KEY))
                .object();
        ByteBuffer bytes = ByteBuffer.allocate(5);
        armed.set(true);
        CompletableFuture<Long> read = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                read.complete(object.read(bytes, 0));
            } catch (Exception e) {
                read.completeExceptionally(e);
            }
        });
        within.await();
        Thread closer = Thread.ofPlatform().daemon().start(object::close);
        while (closer.getState() != Thread.State.BLOCKED && closer.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        assertTrue(closer.isAlive(), "close did not wait for the read");
        assertTrue(object.data().isOpen());
        goOn.countDown();
        assertEquals(5, read.get());
        closer.join();
        assertThrows(IllegalStateException.class, () -> object.read(bytes.clear(), 0));
        store.close();
    }
}
