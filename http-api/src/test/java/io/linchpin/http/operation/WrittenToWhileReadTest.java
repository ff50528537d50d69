package io.linchpin.http.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.linchpin.cluster.api.Gateway;
import io.linchpin.http.sigv4.PayloadMode;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.Owner;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.ForwardingPosix;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.listing.ObjectListing;
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.staging.Staging;
import io.linchpin.store.staging.StagingSettings;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person writes to a small object's file between its opening and the end of its reading. */
class WrittenToWhileReadTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final Person person = new Person();

    @SuppressWarnings("NullAway.Init")
    private StoreRoot root;

    @SuppressWarnings("NullAway.Init")
    private Staging staging;

    @SuppressWarnings("NullAway.Init")
    private Operation get;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(directory.resolve(".linchpin"));
        Files.createDirectories(directory.resolve("bucket"));
        root = StoreRoot.open(person, directory);
        staging = Staging.open(root, Incarnation.of(0, 1), StagingSettings.DEFAULT, System::nanoTime);
        get = GetObject.get(new Store(
                none(Gateway.class),
                new ObjectReader(root),
                new ObjectListing(root),
                new BucketStates(root),
                staging,
                Clock.systemUTC(),
                () -> 0,
                () -> UploadId.of(1, 1),
                new Store.Settings("us-east-1", 1 << 30, Duration.ofSeconds(10), new Owner("id", "name"))));
        person.write("before");
    }

    @AfterEach
    void close() {
        staging.close();
        root.close();
    }

    private static <T> T none(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, _) -> {
            throw new UnsupportedOperationException(method.getName());
        }));
    }

    private S3Response get() throws IOException {
        Exchange.Holds holds = new Exchange.Holds() {
            @Override
            public void hold(Closeable resource) {}

            @Override
            public void release(Closeable resource) {}
        };
        RequestView view =
                new RequestView("GET", RequestTarget.parse("/bucket/key").orElseThrow(), Headers.of());
        return get.run(new Exchange(view, "request", new PayloadMode.Unsigned(), none(RequestBody.class), holds))
                .toCompletableFuture()
                .join();
    }

    private static String body(S3Response response) {
        return new String(
                assertInstanceOf(S3Response.Body.Bytes.class, response.body()).bytes(), UTF_8);
    }

    private static String etag(S3Response response) {
        return response.headers().stream()
                .filter(header -> header.name().equals("ETag"))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void itIsReadAgainWithItsNewMetadata() throws IOException {
        S3Response before = get();
        assertEquals("before", body(before));
        person.writes = 1;
        S3Response after = get();
        assertEquals("after 1", body(after));
        assertNotEquals(etag(before), etag(after));
        assertEquals(etag(get()), etag(after), "what is served from now on");
    }

    @Test
    void whoWritesOnAndOnMakesItAConflict() {
        person.writes = Integer.MAX_VALUE;
        S3Exception e = assertThrows(S3Exception.class, this::get);
        assertEquals(ErrorCode.ConditionalRequestConflict, e.failure().code());
    }

    /** Writes to the file before it is read from, so many times. */
    private final class Person extends ForwardingPosix {
        private final Posix posix = new NativePosix();
        private long seconds = 1_700_000_000;
        int writes;
        private int written;

        @Override
        protected Posix delegate() {
            return posix;
        }

        @Override
        public long pread(int fd, ByteBuffer into, long offset) {
            if (writes > 0) {
                writes--;
                write("after " + ++written);
            }
            return super.pread(fd, into, offset);
        }

        void write(String body) {
            try {
                Path file = directory.resolve("bucket/key");
                Files.writeString(file, body);
                Files.setLastModifiedTime(file, FileTime.fromMillis(++seconds * 1000));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
