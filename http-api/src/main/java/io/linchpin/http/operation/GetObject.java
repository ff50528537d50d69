package io.linchpin.http.operation;

import io.linchpin.http.wire.ByteRange;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.HttpDate;
import io.linchpin.http.wire.Numbers;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.store.read.OpenObject;
import io.linchpin.store.read.Opened;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.PartNumber;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** GetObject and HeadObject: one version, opened once, whatever becomes of the key meanwhile. */
public final class GetObject implements Operation {
    /** Objects up to this size are answered in one piece. */
    private static final int WHOLE_BYTES = 64 * 1024;

    /** How often an object that is written to by hand while it is read is read again. */
    private static final int MAX_ROUNDS = 10;

    private final Store store;
    private final boolean withBody;

    private GetObject(Store store, boolean withBody) {
        this.store = store;
        this.withBody = withBody;
    }

    public static Operation get(Store store) {
        return new GetObject(store, true);
    }

    public static Operation head(Store store) {
        return new GetObject(store, false);
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Optional<S3Response> response = read(exchange);
            if (response.isPresent()) {
                return CompletableFuture.completedFuture(response.get());
            }
        }
        throw new S3Exception(ErrorCode.ConditionalRequestConflict, "The object was written to while it was read.");
    }

    /** Empty where a small object was written to by hand meanwhile: what was read of it belongs to no metadata. */
    private Optional<S3Response> read(Exchange exchange) throws IOException {
        OpenObject open = open(store, exchange.object());
        boolean kept = false;
        try {
            Optional<S3Response> response = answer(exchange, open);
            kept = response.isPresent() && response.get().body() instanceof S3Response.Body.Stream;
            return response;
        } finally {
            if (!kept) {
                open.close();
            }
        }
    }

    /**
     * Opens an object, for the caller to close.
     *
     * @throws S3Exception NoSuchKey or NoSuchBucket
     */
    static OpenObject open(Store store, ObjectId object) throws IOException {
        return switch (store.reader().open(object)) {
            case Opened.Found(OpenObject found) -> found;
            case Opened.NoSuchKey() -> {
                store.bucket(object.bucket());
                throw Failures.noSuchKey(object);
            }
        };
    }

    private Optional<S3Response> answer(Exchange exchange, OpenObject open) throws IOException {
        Sidecar metadata = open.metadata();
        ReadConditions.Verdict verdict = ReadConditions.ofRead(exchange)
                .judge(metadata.etag(), open.lastModified(), store.clock().instant());
        if (verdict instanceof ReadConditions.Verdict.Failed(String condition)) {
            throw Failures.preconditionFailed(condition);
        }
        Map<String, String> headers = ObjectHeaders.ofRead(exchange, metadata);
        if (verdict instanceof ReadConditions.Verdict.NotModified) {
            S3Response response = describe(S3Response.of(304), open);
            ObjectHeaders.giveFreshness(headers, response);
            return Optional.of(response);
        }
        long first = 0;
        long length = open.size();
        Optional<ByteRange.Resolved.Slice> slice = slice(exchange, open);
        if (slice.isPresent()) {
            first = slice.get().first();
            length = slice.get().lengthBytes();
        }
        S3Response response = describe(S3Response.of(slice.isPresent() ? 206 : 200), open);
        ObjectHeaders.give(headers, metadata, response);
        exchange.parameter("partNumber").ifPresent(n -> {
            if (!metadata.parts().isEmpty()) {
                response.header(
                        "x-amz-mp-parts-count",
                        Integer.toString(metadata.parts().size()));
            }
        });
        if (slice.isPresent() && length > 0) {
            response.header("Content-Range", "bytes " + first + "-" + (first + length - 1) + "/" + open.size());
        }
        if (exchange.header("x-amz-checksum-mode")
                .filter("ENABLED"::equalsIgnoreCase)
                .isPresent()) {
            giveChecksums(exchange, metadata, length == open.size(), response);
        }
        return body(exchange, open, ObjectHeaders.contentType(headers), first, length)
                .map(response::body);
    }

    /** Of a part its own, where it has one beside the object's; of all bytes the object's; of any others none. */
    private static void giveChecksums(Exchange exchange, Sidecar metadata, boolean whole, S3Response response) {
        Optional<String> part = exchange.parameter("partNumber");
        if (part.isPresent()
                && !metadata.parts().isEmpty()
                && ChecksumType.COMPOSITE.name().equals(metadata.checksumType())) {
            Sidecar.Part of = metadata.parts().get((int) Numbers.nonNegative(part.get()) - 1);
            ObjectHeaders.giveChecksums(of.checksums(), metadata.checksumType(), response);
        } else if (whole) {
            ObjectHeaders.giveChecksums(metadata.checksums(), metadata.checksumType(), response);
        }
    }

    private static S3Response describe(S3Response response, OpenObject open) {
        return response.header("ETag", open.metadata().etag().quoted())
                .header("Last-Modified", HttpDate.format(open.lastModified()))
                .header("Accept-Ranges", "bytes");
    }

    private static Optional<ByteRange.Resolved.Slice> slice(Exchange exchange, OpenObject open) {
        Optional<ByteRange> range = exchange.header("range").flatMap(ByteRange::parse);
        Optional<String> part = exchange.parameter("partNumber");
        if (part.isPresent()) {
            if (range.isPresent()) {
                throw new S3Exception(
                        ErrorCode.InvalidRequest, "Cannot specify both Range header and partNumber query parameter");
            }
            return partSlice(part.get(), open);
        }
        String requested = exchange.header("range").orElse("");
        return range.filter(r -> isMeant(exchange.header("if-range"), open)).map(r -> switch (r.resolve(open.size())) {
            case ByteRange.Resolved.Slice s -> s;
            case ByteRange.Resolved.Unsatisfiable u ->
                throw S3Failure.of(ErrorCode.InvalidRange)
                        .with("RangeRequested", requested)
                        .with("ActualObjectSize", Long.toString(open.size()))
                        .exception();
        });
    }

    /**
     * Whether a range is of this version: a client that goes on with a download names, in If-Range, the one it began
     * with, by its strong tag or its date, and is to get all of any other.
     */
    private static boolean isMeant(Optional<String> ifRange, OpenObject open) {
        if (ifRange.isEmpty() || ifRange.get().equals(open.metadata().etag().quoted())) {
            return true;
        }
        return HttpDate.parse(ifRange.get())
                .filter(HttpDate.toSecond(open.lastModified())::equals)
                .isPresent();
    }

    /**
     * One part of an object that was uploaded in parts; of any other object the first is the whole. Empty for an empty part,
     * since Content-Range cannot express zero bytes, and empty for an empty object.
     */
    private static Optional<ByteRange.Resolved.Slice> partSlice(String text, OpenObject open) {
        long number = Numbers.nonNegative(text);
        if (number < 1 || number > PartNumber.MAX) {
            throw new S3Exception(
                    ErrorCode.InvalidArgument, "Part number must be an integer between 1 and 10000, inclusive");
        }
        List<Sidecar.Part> parts = open.metadata().parts();
        if (parts.isEmpty()) {
            if (number != 1) {
                throw noSuchPart(number, 1);
            }
            return open.size() == 0 ? Optional.empty() : Optional.of(new ByteRange.Resolved.Slice(0, open.size() - 1));
        }
        if (number > parts.size()) {
            throw noSuchPart(number, parts.size());
        }
        if (open.size() == 0) {
            return Optional.empty();
        }
        long first = 0;
        for (int i = 0; i < number - 1; i++) {
            first += parts.get(i).size();
        }
        return Optional.of(new ByteRange.Resolved.Slice(
                first, first + parts.get((int) number - 1).size() - 1));
    }

    private static S3Exception noSuchPart(long requested, int actual) {
        return S3Failure.of(ErrorCode.InvalidPartNumber)
                .with("PartNumberRequested", Long.toString(requested))
                .with("ActualPartCount", Integer.toString(actual))
                .exception();
    }

    /** Empty where the object was written to since it was opened. */
    private Optional<S3Response.Body> body(Exchange exchange, OpenObject open, String type, long first, long length)
            throws IOException {
        if (!withBody) {
            return Optional.of(new S3Response.Body.Announced(type, length));
        }
        if (length > WHOLE_BYTES) {
            return Optional.of(
                    new S3Response.Body.Stream(type, length, new ObjectSource(open, first, length, exchange.holds())));
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length);
        return open.read(bytes, first) == length && open.verifyUnchanged()
                ? Optional.of(new S3Response.Body.Bytes(type, bytes.array()))
                : Optional.empty();
    }
}
