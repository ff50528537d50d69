package io.linchpin.http.server;

import io.linchpin.http.body.AwsChunkedDecoder;
import io.linchpin.http.body.AwsChunkedFormat;
import io.linchpin.http.body.BodyDigests;
import io.linchpin.http.body.Trailers;
import io.linchpin.http.operation.RequestBody.ByteSink;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes a body's bytes as they come: out of their aws-chunks, through the digests, into the sink. One thread at a time. */
final class BodyPump {
    private final @Nullable AwsChunkedDecoder decoder;
    private final BodyDigests digests;
    private final ByteSink sink;
    private final long expectedBytes;

    /** @param expectedBytes what the decoded body must come to; -1 where nothing says */
    BodyPump(Optional<AwsChunkedFormat> format, BodyDigests digests, ByteSink sink, long expectedBytes) {
        this.decoder = format.map(AwsChunkedDecoder::new).orElse(null);
        this.digests = digests;
        this.sink = sink;
        this.expectedBytes = expectedBytes;
    }

    void feed(ByteBuffer bytes) throws IOException {
        if (decoder == null) {
            take(bytes);
            return;
        }
        try {
            decoder.feed(bytes, this::takeUnchecked);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void takeUnchecked(ByteBuffer data) {
        try {
            take(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(ByteBuffer data) throws IOException {
        digests.update(data);
        sink.write(data);
    }

    /** @throws S3Exception where the body is not what was promised */
    BodyDigests.Result.Good finish() {
        Trailers trailers = decoder == null ? Trailers.NONE : decoder.finish();
        if (expectedBytes >= 0 && digests.sizeBytes() != expectedBytes) {
            throw new S3Exception(ErrorCode.IncompleteBody);
        }
        return switch (digests.finish(trailers)) {
            case BodyDigests.Result.Good good -> good;
            case BodyDigests.Result.Bad bad -> throw bad.failure().exception();
        };
    }
}
