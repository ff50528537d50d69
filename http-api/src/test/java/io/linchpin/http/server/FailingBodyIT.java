package io.linchpin.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.linchpin.http.body.BodyExpectations;
import io.linchpin.http.operation.Operation;
import io.linchpin.http.operation.RequestBody;
import io.linchpin.http.operation.S3Response;
import io.linchpin.http.testing.RawSocket;
import io.linchpin.http.testing.Signer;
import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A client that is in the middle of a long body when something goes wrong is told what, and not cut off. */
class FailingBodyIT {
    private static final int BODY_BYTES = 5 << 20;
    private static final int CHUNK_BYTES = 64 * 1024;

    private static Operation into(RequestBody.ByteSink sink) {
        return exchange -> exchange.body()
                .transfer(BodyExpectations.parse(exchange.headers(), exchange.payload()), Optional.empty(), sink)
                .thenApply(good -> S3Response.of(200));
    }

    private static Map<String, String> head(TestServer server, String payload, long length) {
        Map<String, String> headers = payload.startsWith("STREAMING")
                ? Map.of("x-amz-decoded-content-length", Integer.toString(BODY_BYTES))
                : Map.of();
        Map<String, String> signed = Signer.sign("PUT", "/b/k", server.host(), headers, payload);
        signed.put("content-length", Long.toString(length));
        return signed;
    }

    @ParameterizedTest
    @CsvSource({
        "';chunk-signature=0000000000000000000000000000000000000000000000000000000000000000',403,SignatureDoesNotMatch",
        "';no-signature',400,IncompleteBody"
    })
    void aBadChunkIsToldOf(String extension, int status, String code) throws Exception {
        String chunk = Integer.toHexString(CHUNK_BYTES) + extension + "\r\n" + "x".repeat(CHUNK_BYTES) + "\r\n";
        int chunks = BODY_BYTES / CHUNK_BYTES;
        try (TestServer server = new TestServer(into(bytes -> {}), "");
                RawSocket socket = new RawSocket(server.port())) {
            long length = (long) chunk.length() * chunks;
            socket.head("PUT", "/b/k", head(server, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", length));
            for (int i = 0; i < chunks; i++) {
                socket.send(chunk);
            }
            RawSocket.Answer answer = socket.answer();
            assertEquals(status, answer.status());
            assertTrue(answer.body().contains("<Code>" + code + "</Code>"), answer.body());
            assertTrue(answer.hasHeader("connection: close"), answer.head());
            assertTrue(socket.ends());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 200_000, 3 << 20})
    void aFullDiskIsToldOf(long after) throws Exception {
        AtomicLong written = new AtomicLong();
        Operation filling = into(bytes -> {
            if (written.addAndGet(bytes.remaining()) >= after) {
                throw new PosixException(Errno.ENOSPC, "pwrite", "secret/path");
            }
        });
        try (TestServer server = new TestServer(filling, "");
                RawSocket socket = new RawSocket(server.port())) {
            socket.head("PUT", "/b/k", head(server, "UNSIGNED-PAYLOAD", BODY_BYTES));
            socket.send("x".repeat(BODY_BYTES));
            RawSocket.Answer answer = socket.answer();
            assertEquals(507, answer.status());
            assertTrue(answer.body().contains("<Code>InsufficientStorage</Code>"), answer.body());
        }
    }

    /** Chunked by HTTP, so that nobody knows how much is still to come. */
    @Test
    void aBodyWithoutALengthIsReadNoFurtherThanTheDrainReaches() throws Exception {
        Operation full = into(bytes -> {
            throw new PosixException(Errno.ENOSPC, "pwrite", "secret/path");
        });
        try (TestServer server = new TestServer(full, "");
                RawSocket socket = new RawSocket(server.port())) {
            Map<String, String> signed = Signer.sign("PUT", "/b/k", server.host(), Map.of(), "UNSIGNED-PAYLOAD");
            signed.put("transfer-encoding", "chunked");
            socket.head("PUT", "/b/k", signed);
            String chunk = Integer.toHexString(CHUNK_BYTES) + "\r\n" + "x".repeat(CHUNK_BYTES) + "\r\n";
            for (int i = 0; i < BODY_BYTES / CHUNK_BYTES; i++) {
                socket.send(chunk);
            }
            assertEquals(507, socket.answer().status());
            assertTrue(socket.ends());
        }
    }

    @Test
    void whereLittleIsLeftTheConnectionGoesOn() throws Exception {
        AtomicLong written = new AtomicLong();
        Operation once = into(bytes -> {
            if (written.getAndAdd(bytes.remaining()) == 0) {
                throw new PosixException(Errno.ENOSPC, "pwrite", "secret/path");
            }
        });
        try (TestServer server = new TestServer(once, "");
                RawSocket socket = new RawSocket(server.port())) {
            for (int status : new int[] {507, 200}) {
                socket.head("PUT", "/b/k", head(server, "UNSIGNED-PAYLOAD", 500_000));
                socket.send("x".repeat(500_000));
                RawSocket.Answer answer = socket.answer();
                assertEquals(status, answer.status());
                assertTrue(!answer.hasHeader("connection: close"), answer.head());
            }
        }
    }

    /** What the request held was closed with its connection, which is no fault of anybody here. */
    @Test
    void aClientThatLeavesIsNoError() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Operation held = exchange -> {
            exchange.holds().hold(closed::countDown);
            return CompletableFuture.supplyAsync(() -> {
                begun.countDown();
                awaited(closed);
                throw new IllegalStateException("upload is ENDED, not WRITING");
            });
        };
        BlockingQueue<ILoggingEvent> events = new LinkedBlockingQueue<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                events.add(event);
            }
        };
        Logger logger = (Logger) LoggerFactory.getLogger(Dispatcher.class);
        Level level = logger.getLevel();
        logger.setLevel(Level.INFO);
        appender.start();
        logger.addAppender(appender);
        try (TestServer server = new TestServer(held, "");
                RawSocket socket = new RawSocket(server.port())) {
            socket.head("PUT", "/b/k", head(server, "UNSIGNED-PAYLOAD", 0));
            awaited(begun);
            socket.reset();
            ILoggingEvent event = events.poll(20, TimeUnit.SECONDS);
            assertEquals(Level.INFO, event == null ? null : event.getLevel(), String.valueOf(event));
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(level);
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
