package io.linchpin.store.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.store.layout.KeyCodec;
import io.linchpin.store.layout.Names;
import io.linchpin.store.sidecar.CorruptSidecarException;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectReaderTest {
    private static final ObjectId KEY = StoreFixture.object("a/b");
    private static final Stamp OLD = new Stamp(1_700_000_000_000_000_001L);
    private static final Stamp NEW = new Stamp(1_700_000_000_000_000_065L);

    interface Step {
        void run() throws IOException;
    }

    @TempDir
    private Path directory;

    /** Runs before the reader opens the next sidecar. */
    private final AtomicReference<@Nullable Step> beforeSidecar = new AtomicReference<>();

    private StoreFixture store;
    private ObjectReader reader;

    @BeforeEach
    void open() throws IOException {
        NativePosix real = new NativePosix();
        Posix posix = (Posix) Proxy.newProxyInstance(
                Posix.class.getClassLoader(), new Class<?>[] {Posix.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("openat2") && ((String) arguments[1]).startsWith(Names.SIDECARS)) {
                        Step step = beforeSidecar.getAndSet(null);
                        if (step != null) {
                            step.run();
                        }
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        store = new StoreFixture(directory, posix);
        reader = new ObjectReader(store.root);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aVersionIsFoundWithItsMetadata() throws IOException {
        Sidecar sidecar = store.put(KEY, OLD, "hello");
        try (OpenObject object = found(KEY)) {
            assertEquals(sidecar, object.metadata());
            assertEquals("hello", body(object));
            assertEquals(OLD, object.stamp());
            assertEquals(OLD.instant(), object.lastModified());
            assertFalse(object.foreign());
            assertTrue(object.verifyUnchanged());
        }
    }

    @Test
    void anEscapedKeyIsFound() throws IOException {
        for (String key : new String[] {"d/", "a//b", "..", "x".repeat(300)}) {
            ObjectId object = StoreFixture.object(key);
            Sidecar sidecar = store.put(object, OLD, key);
            try (OpenObject open = found(object)) {
                assertEquals(sidecar, open.metadata());
            }
        }
        store.put(KEY, KeyCodec.escaped(KEY), OLD, "beside a directory");
        found(KEY).close();
    }

    @Test
    void whatIsNoRegularFileIsNoObject() throws Exception {
        assertAbsent(KEY);
        Files.createDirectories(store.at("bucket/a/b"));
        assertAbsent(KEY);
        assertAbsent(StoreFixture.object("a/b/c"));
        Files.writeString(store.at("secret"), "secret");
        Files.createSymbolicLink(store.at("bucket/link"), store.at("secret"));
        assertAbsent(StoreFixture.object("link"));
        Files.createSymbolicLink(store.at("bucket/up"), store.at("."));
        assertAbsent(StoreFixture.object("up/secret"));
        Process mkfifo = new ProcessBuilder("mkfifo", store.at("bucket/fifo").toString()).start();
        assertEquals(0, mkfifo.waitFor());
        assertAbsent(StoreFixture.object("fifo"));
    }

    @Test
    void aHandMadeFileIsForeign() throws IOException {
        store.write(StoreFixture.preferred(KEY), "by hand");
        try (OpenObject object = found(KEY)) {
            assertTrue(object.foreign());
            assertEquals("binary/octet-stream", object.metadata().headers().get("content-type"));
            assertFalse(object.metadata().etag().value().matches("[0-9a-f]{32}(-[0-9]+)?"));
            assertEquals("by hand", body(object));
        }
    }

    @Test
    void aFileChangedByHandIsForeign() throws IOException {
        store.put(KEY, OLD, "hello");
        Path data = store.at("bucket/a/b");
        FileTime stamp = Files.getLastModifiedTime(data);
        Files.writeString(data, "jello");
        try (OpenObject object = found(KEY)) {
            assertTrue(object.foreign());
        }
        Files.writeString(data, "a longer one");
        Files.setLastModifiedTime(data, stamp);
        try (OpenObject object = found(KEY)) {
            assertTrue(object.foreign(), "its time was kept, its size was not");
        }
    }

    @Test
    void aReaderThatCameTooLateForTheOldSidecarBeginsAgain() throws IOException {
        store.put(KEY, OLD, "old");
        beforeSidecar.set(() -> {
            store.put(KEY, NEW, "new!");
            Files.delete(store.at(Names.sidecar(KEY, OLD)));
        });
        try (OpenObject object = found(KEY)) {
            assertFalse(object.foreign());
            assertEquals("new!", body(object));
            assertEquals(4, object.metadata().size());
        }
    }

    @Test
    void aReaderThatMissedADeleteFindsNothing() throws IOException {
        store.put(KEY, OLD, "old");
        beforeSidecar.set(() -> {
            Files.delete(store.at("bucket/a/b"));
            Files.delete(store.at(Names.sidecar(KEY, OLD)));
        });
        assertAbsent(KEY);
    }

    @Test
    void theOldVersionStaysWholeWhileItIsRead() throws IOException {
        store.put(KEY, OLD, "old");
        try (OpenObject object = found(KEY)) {
            store.put(KEY, NEW, "new!");
            assertEquals("old", body(object));
            assertTrue(object.verifyUnchanged());
        }
    }

    @Test
    void aWriteByHandIsNoticed() throws IOException {
        store.put(KEY, OLD, "old");
        try (OpenObject object = found(KEY)) {
            Files.writeString(store.at("bucket/a/b"), "odd");
            assertFalse(object.verifyUnchanged());
        }
    }

    @Test
    void aSidecarThatCannotBeTrustedIsNotPassedOver() throws IOException {
        store.put(KEY, OLD, "old");
        Files.writeString(store.at(Names.sidecar(KEY, OLD)), "{}");
        assertThrows(CorruptSidecarException.class, () -> reader.open(KEY));
        ObjectId other = StoreFixture.object("other");
        store.put(other, NEW, "old");
        Files.copy(store.at(Names.sidecar(other, NEW)), store.at("moved"));
        Files.delete(store.at(Names.sidecar(KEY, OLD)));
        Files.move(store.at("moved"), store.at(Names.sidecar(KEY, OLD)));
        assertThrows(CorruptSidecarException.class, () -> reader.open(KEY), "another key's sidecar");
    }

    @Test
    void noReaderMeetsAMixtureWhileAKeyIsReplaced() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        store.put(KEY, OLD, "0");
        Thread reading = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                try (OpenObject object = found(KEY)) {
                    String body = body(object);
                    assertFalse(object.foreign());
                    assertEquals(
                            StoreFixture.md5(body), object.metadata().etag().value());
                    reads.incrementAndGet();
                } catch (IOException | AssertionError e) {
                    reads.set(Integer.MIN_VALUE);
                    return;
                }
            }
        });
        for (int i = 1; i < 500 || reads.get() == 0; i++) {
            store.put(KEY, new Stamp(OLD.nanos() + i), Integer.toString(i));
            Files.delete(store.at(Names.sidecar(KEY, new Stamp(OLD.nanos() + i - 1))));
        }
        done.set(true);
        reading.join();
        assertTrue(reads.get() > 0);
    }

    private OpenObject found(ObjectId object) throws IOException {
        return assertInstanceOf(Opened.Found.class, reader.open(object)).object();
    }

    private void assertAbsent(ObjectId object) throws IOException {
        assertInstanceOf(Opened.NoSuchKey.class, reader.open(object));
    }

    private static String body(OpenObject object) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) object.size());
        object.read(bytes, 0);
        return new String(bytes.array(), UTF_8);
    }
}
