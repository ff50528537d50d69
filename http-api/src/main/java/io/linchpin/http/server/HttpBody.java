package io.linchpin.http.server;

import io.linchpin.http.body.AwsChunkedFormat;
import io.linchpin.http.body.BodyDigests;
import io.linchpin.http.body.BodyExpectations;
import io.linchpin.http.operation.RequestBody;
import io.linchpin.http.sigv4.PayloadMode;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.store.value.ChecksumAlgorithm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A request's body as the HTTP library gives it. What came whole is worked off in the calling thread. What streams is
 * worked off in pieces on the blocking executor, one after the other, the next being read meanwhile and no more.
 */
final class HttpBody implements RequestBody {
    /** How much of what has come is put into one piece while the piece before it is being written. */
    private static final long PIECE_BYTES = 512 * 1024;

    private final RequestEntity entity;
    private final RequestHead.Accepted head;
    private final PayloadMode payload;
    private final Optional<AwsChunkedFormat> format;
    private final Materializer materializer;
    private final Executor blocking;
    private volatile boolean touched;

    HttpBody(
            RequestEntity entity,
            RequestHead.Accepted head,
            PayloadMode payload,
            Optional<AwsChunkedFormat> format,
            Materializer materializer,
            Executor blocking) {
        this.entity = entity;
        this.head = head;
        this.payload = payload;
        this.format = format;
        this.materializer = materializer;
        this.blocking = blocking;
    }

    @Override
    public Optional<Long> declaredBytes() {
        if (format.isPresent()) {
            return Optional.of(format.get().decodedLengthBytes());
        }
        // A request without a length and without chunks has no body, but has not said so: the caller decides.
        return head.framing() instanceof RequestHead.Framing.Length(long bytes)
                        && (bytes > 0 || head.view().headers().has("content-length"))
                ? Optional.of(bytes)
                : Optional.empty();
    }

    @Override
    public CompletionStage<BodyDigests.Result.Good> transfer(
            BodyExpectations expectations, Optional<ChecksumAlgorithm> fallback, ByteSink sink) {
        touched = true;
        BodyDigests digests = new BodyDigests(expectations, fallback);
        BodyPump pump = new BodyPump(format, digests, sink, declaredBytes().orElse(-1L));
        try {
            if (entity instanceof HttpEntity.Strict strict) {
                pump.feed(ByteBuffer.wrap(strict.getData().toArrayUnsafe()));
                return CompletableFuture.completedFuture(pump.finish());
            }
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return entity.getDataBytes()
                .batchWeighted(PIECE_BYTES, piece -> (long) piece.size(), piece -> piece, ByteString::concat)
                .mapAsync(1, piece -> CompletableFuture.supplyAsync(() -> feed(pump, piece), blocking))
                .runWith(Sink.ignore(), materializer)
                .handleAsync((done, failure) -> finish(pump, failure), blocking);
    }

    private static Done feed(BodyPump pump, ByteString piece) {
        try {
            pump.feed(ByteBuffer.wrap(piece.toArrayUnsafe()));
            return Done.getInstance();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BodyDigests.Result.Good finish(BodyPump pump, @Nullable Throwable failure) {
        if (failure == null) {
            return pump.finish();
        }
        Throwable cause = Causes.of(failure);
        if (cause instanceof IOException || cause instanceof S3Exception || cause instanceof Error) {
            throw new CompletionException(cause);
        }
        if (cause instanceof IllegalStateException e) {
            throw e;
        }
        // Whatever else ends the stream early, the body did not come whole.
        throw new S3Exception(ErrorCode.IncompleteBody);
    }

    @Override
    public CompletionStage<byte[]> collect(int maxBytes) {
        return collect(maxBytes, BodyExpectations.parse(head.view().headers(), payload));
    }

    @Override
    public CompletionStage<byte[]> collect(int maxBytes, BodyExpectations expectations) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return transfer(expectations, Optional.empty(), bytes -> {
                    if (out.size() + bytes.remaining() > maxBytes) {
                        throw S3Failure.of(ErrorCode.MaxMessageLengthExceeded)
                                .with("MaxMessageLengthBytes", Integer.toString(maxBytes))
                                .exception();
                    }
                    byte[] copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    out.writeBytes(copy);
                })
                .thenApply(good -> out.toByteArray());
    }

    /**
     * Gets an unwanted body out of the way, so that the connection can be used again; not where it is long, or the client
     * waits to be asked for it: then the connection ends with the answer.
     */
    CompletionStage<Done> discard(long upToBytes) {
        if (touched || entity.isStrict() || head.expectContinue()) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        if (head.framing() instanceof RequestHead.Framing.Length(long bytes) && bytes <= upToBytes) {
            touched = true;
            return entity.getDataBytes().runWith(Sink.ignore(), materializer).exceptionally(e -> Done.getInstance());
        }
        return CompletableFuture.completedFuture(Done.getInstance());
    }
}
