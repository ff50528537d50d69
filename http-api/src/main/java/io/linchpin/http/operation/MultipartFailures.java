package io.linchpin.http.operation;

import io.linchpin.cluster.api.Multipart;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Numbers;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.Locale;

/** How the refusals of multipart uploads are told to an S3 client, and what names an upload and a part in a request. */
final class MultipartFailures {
    private MultipartFailures() {}

    /** The exchange names the upload and the object. */
    static RuntimeException of(MultipartOutcome outcome, Exchange exchange) {
        return switch (outcome) {
            case MultipartOutcome.NoSuchUpload n -> ofUpload(S3Failure.of(ErrorCode.NoSuchUpload), exchange);
            case MultipartOutcome.NoSuchBucket n -> new S3Exception(ErrorCode.NoSuchBucket);
            case MultipartOutcome.NoSuchKey n -> Failures.noSuchKey(exchange.object());
            case MultipartOutcome.InvalidPart(int number, ETag etag) ->
                ofUpload(
                        S3Failure.of(ErrorCode.InvalidPart)
                                .with("PartNumber", Integer.toString(number))
                                .with("ETag", etag.value()),
                        exchange);
            case MultipartOutcome.InvalidPartOrder o -> ofUpload(S3Failure.of(ErrorCode.InvalidPartOrder), exchange);
            case MultipartOutcome.PartTooSmall(int number, ETag etag, long size) ->
                S3Failure.of(ErrorCode.EntityTooSmall)
                        .with("PartNumber", Integer.toString(number))
                        .with("ETag", etag.value())
                        .with("ProposedSize", Long.toString(size))
                        .with("MinSizeAllowed", Long.toString(Multipart.MIN_PART_BYTES))
                        .exception();
            case MultipartOutcome.ObjectTooLarge(long size) ->
                S3Failure.of(ErrorCode.EntityTooLarge)
                        .with("ProposedSize", Long.toString(size))
                        .exception();
            case MultipartOutcome.SizeMismatch(long size) ->
                new S3Exception(
                        ErrorCode.InvalidRequest,
                        "The provided 'x-amz-mp-object-size' header does not match what was computed: " + size + ".");
            case MultipartOutcome.ChecksumMismatch(var actual) ->
                new S3Exception(
                        ErrorCode.BadDigest,
                        // Nothing was calculated where the parts have none of the algorithm asked for.
                        "The " + (actual == null ? "checksum" : actual.algorithm())
                                + " you specified did not match the calculated checksum.");
            case MultipartOutcome.PreconditionFailed(String condition) -> Failures.preconditionFailed(condition);
            case MultipartOutcome.Busy b -> new S3Exception(ErrorCode.SlowDown);
            case MultipartOutcome.Failed(int errno, String call) ->
                Failures.ofErrno(errno).exception();
            case MultipartOutcome.Unknown u -> new OutcomeUnknownException();
            case MultipartOutcome.Created c -> notRefused(c);
            case MultipartOutcome.Opened o -> notRefused(o);
            case MultipartOutcome.Stored s -> notRefused(s);
            case MultipartOutcome.Completed c -> notRefused(c);
            case MultipartOutcome.Aborted a -> notRefused(a);
            case MultipartOutcome.Parts p -> notRefused(p);
            case MultipartOutcome.Uploads u -> notRefused(u);
        };
    }

    private static IllegalStateException notRefused(MultipartOutcome outcome) {
        return new IllegalStateException("no refusal: " + outcome.getClass().getSimpleName());
    }

    /**
     * The upload that a request names; a text that cannot be one of ours names none.
     *
     * @throws S3Exception NoSuchBucket, which outweighs that there is no such upload
     */
    static UploadId upload(Store store, Exchange exchange) throws IOException {
        store.bucket(exchange.bucket());
        return exchange.parameter("uploadId")
                .flatMap(UploadId::parse)
                .orElseThrow(() -> ofUpload(S3Failure.of(ErrorCode.NoSuchUpload), exchange));
    }

    /** A failure with the upload as the client named it, if it did. */
    static S3Exception ofUpload(S3Failure failure, Exchange exchange) {
        return exchange.parameter("uploadId")
                .map(id -> failure.with("UploadId", id))
                .orElse(failure)
                .exception();
    }

    /** An algorithm as it stands in the sentences of S3. */
    static String word(ChecksumAlgorithm algorithm) {
        return algorithm.name().toLowerCase(Locale.ROOT);
    }

    static PartNumber part(Exchange exchange) {
        String text = exchange.parameter("partNumber").orElse("");
        return PartNumber.of(Numbers.nonNegative(text))
                .orElseThrow(() -> Paging.argument(
                        "partNumber", text, "Part number must be an integer between 1 and 10000, inclusive"));
    }
}
