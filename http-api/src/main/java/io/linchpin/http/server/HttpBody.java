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
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
    private final long drainBytes;
    private volatile boolean touched;

    /** @param drainBytes how much of a body that is not wanted any more is read, so that the connection can go on */
    HttpBody(
            RequestEntity entity,
            RequestHead.Accepted head,
            PayloadMode payload,
            Optional<AwsChunkedFormat> format,
            Materializer materializer,
            Executor blocking,
            long drainBytes) {
        this.entity = entity;
        this.head = head;
        this.payload = payload;
        this.format = format;
        this.materializer = materializer;
        this.blocking = blocking;
        this.drainBytes = drainBytes;
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
        long wireBytes = head.framing() instanceof RequestHead.Framing.Length(long bytes) ? bytes : -1;
        Streaming streaming = new Streaming(pump, wireBytes, drainBytes);
        entity.getDataBytes()
                .batchWeighted(PIECE_BYTES, piece -> (long) piece.size(), piece -> piece, ByteString::concat)
                .mapAsync(1, piece -> CompletableFuture.supplyAsync(() -> streaming.feed(piece), blocking))
                .runWith(Sink.ignore(), materializer)
                .whenCompleteAsync((done, failure) -> streaming.end(failure), blocking);
        return streaming.result;
    }

    /**
     * A body that comes in pieces, one at a time. A failure of ours does not end the stream, which would take the
     * connection with it before the client is answered: what still comes is thrown away, and where that is long the
     * answer is given meanwhile, and the connection ends with it.
     */
    private static final class Streaming {
        private final BodyPump pump;
        private final long wireBytes;
        private final long drainBytes;
        private final CompletableFuture<BodyDigests.Result.Good> result = new CompletableFuture<>();
        private long cameBytes;
        private long thrownAwayBytes;
        /** Seen by {@link #end} also where the stream broke under a piece. */
        private volatile @Nullable Exception failure;

        /** @param wireBytes as the framing announces them; -1 where it does not */
        private Streaming(BodyPump pump, long wireBytes, long drainBytes) {
            this.pump = pump;
            this.wireBytes = wireBytes;
            this.drainBytes = drainBytes;
        }

        private Done feed(ByteString piece) {
            cameBytes += piece.size();
            Exception failed = failure;
            if (failed != null) {
                thrownAwayBytes += piece.size();
            } else {
                try {
                    pump.feed(ByteBuffer.wrap(piece.toArrayUnsafe()));
                } catch (IOException | RuntimeException e) {
                    failure = e;
                    failed = e;
                }
            }
            if (failed != null && Math.max(wireBytes - cameBytes, thrownAwayBytes) > drainBytes) {
                result.completeExceptionally(failed);
            }
            return Done.getInstance();
        }

        private void end(@Nullable Throwable streamFailure) {
            Exception failed = failure;
            if (failed != null) {
                result.completeExceptionally(failed);
                return;
            }
            try {
                if (streamFailure != null) {
                    if (Causes.of(streamFailure) instanceof Error e) {
                        throw e;
                    }
                    // Whatever else ends the stream early, the body did not come whole.
                    throw new S3Exception(ErrorCode.IncompleteBody);
                }
                result.complete(pump.finish());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }
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
    CompletionStage<Done> discard() {
        if (touched || entity.isStrict() || head.expectContinue()) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        if (head.framing() instanceof RequestHead.Framing.Length(long bytes) && bytes <= drainBytes) {
            touched = true;
            return entity.getDataBytes().runWith(Sink.ignore(), materializer).exceptionally(e -> Done.getInstance());
        }
        return CompletableFuture.completedFuture(Done.getInstance());
    }
}
