package io.linchpin.http.body;

import io.linchpin.http.sigv4.PayloadMode;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ETag;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the decoded body of one upload in one pass, and at its end holds the results against what the head and the
 * trailer promised. Computes the MD5, for the ETag; the SHA-256, where the signature covers it; and one checksum. Not
 * safe for use by several threads at once.
 */
public final class BodyDigests {
    /** How a body turned out. */
    public sealed interface Result {
        /**
         * As promised.
         *
         * @param checksum of the algorithm that the client chose, or of the fallback; nothing where there is neither
         */
        record Good(ETag etag, long sizeBytes, Optional<Checksum> checksum) implements Result {}

        /** Not as promised: to be aborted. */
        record Bad(S3Failure failure) implements Result {}
    }

    private static final String SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final BodyExpectations expectations;
    private final RunningHash md5 = RunningHash.md5();
    private final @Nullable ChecksumAlgorithm algorithm;
    private final @Nullable RunningHash checksum;
    private final @Nullable RunningHash sha256;
    private long sizeBytes;

    /**
     * Begins a body.
     *
     * @param fallback the checksum to compute where the client chose none; nothing for none
     */
    public BodyDigests(BodyExpectations expectations, Optional<ChecksumAlgorithm> fallback) {
        this.expectations = expectations;
        this.algorithm = expectations.algorithm().or(() -> fallback).orElse(null);
        this.checksum = algorithm == null ? null : RunningHash.of(algorithm);
        this.sha256 = expectations.sha256Hex().isPresent() && algorithm != ChecksumAlgorithm.SHA256
                ? RunningHash.of(ChecksumAlgorithm.SHA256)
                : null;
    }

    /** Takes the next bytes; the buffer's position stays. */
    public void update(ByteBuffer data) {
        sizeBytes += data.remaining();
        md5.update(data.duplicate());
        if (checksum != null) {
            checksum.update(data.duplicate());
        }
        if (sha256 != null) {
            sha256.update(data.duplicate());
        }
    }

    /** How much has come so far. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Ends the body. To be called once. */
    public Result finish(Trailers trailers) {
        byte[] md5Raw = md5.result();
        byte[] checksumRaw = checksum == null ? new byte[0] : checksum.result();
        byte[] sha256Raw = sha256 == null ? checksumRaw : sha256.result();
        Optional<S3Failure> failure = sha256Failure(sha256Raw)
                .or(() -> md5Failure(md5Raw))
                .or(() -> checksumFailure(checksumRaw))
                .or(() -> trailerFailure(trailers, checksumRaw));
        if (failure.isPresent()) {
            return new Result.Bad(failure.get());
        }
        return new Result.Good(
                new ETag(HexFormat.of().formatHex(md5Raw)),
                sizeBytes,
                Optional.ofNullable(algorithm).map(a -> Checksum.full(a, checksumRaw)));
    }

    /** What is wrong with a request that has no body and is signed in that mode; mostly nothing. */
    public static Optional<S3Failure> ofNothing(PayloadMode payload) {
        return payload instanceof PayloadMode.Sha256Hex(String expected)
                ? sha256Failure(expected, SHA256_OF_NOTHING)
                : Optional.empty();
    }

    private Optional<S3Failure> sha256Failure(byte[] raw) {
        return expectations
                .sha256Hex()
                .flatMap(expected -> sha256Failure(expected, HexFormat.of().formatHex(raw)));
    }

    private static Optional<S3Failure> sha256Failure(String expected, String computed) {
        return computed.equals(expected)
                ? Optional.empty()
                : Optional.of(S3Failure.of(ErrorCode.XAmzContentSHA256Mismatch)
                        .with("ClientComputedContentSHA256", expected)
                        .with("S3ComputedContentSHA256", computed));
    }

    private Optional<S3Failure> md5Failure(byte[] raw) {
        return expectations.md5Base64().flatMap(expected -> {
            String computed = Base64.getEncoder().encodeToString(raw);
            return computed.equals(expected)
                    ? Optional.empty()
                    : Optional.of(S3Failure.of(
                                    ErrorCode.BadDigest,
                                    "The Content-MD5 you specified did not match what we received.")
                            .with("ExpectedDigest", expected)
                            .with("CalculatedDigest", computed));
        });
    }

    private Optional<S3Failure> checksumFailure(byte[] raw) {
        return expectations.checksum().flatMap(expected -> mismatch(expected, raw));
    }

    private Optional<S3Failure> trailerFailure(Trailers trailers, byte[] raw) {
        return expectations.trailingAlgorithm().flatMap(a -> {
            Optional<String> text = trailers.get(a.headerName());
            if (text.isEmpty()) {
                return Optional.of(S3Failure.of(ErrorCode.MalformedTrailerError));
            }
            Optional<Checksum> expected = Checksum.parseFull(a, text.get());
            return expected.isEmpty()
                    ? Optional.of(S3Failure.of(
                            ErrorCode.InvalidRequest, "Value for " + a.headerName() + " trailing header is invalid."))
                    : mismatch(expected.get(), raw);
        });
    }

    private static Optional<S3Failure> mismatch(Checksum expected, byte[] raw) {
        ChecksumAlgorithm a = expected.algorithm();
        return Checksum.full(a, raw).equals(expected)
                ? Optional.empty()
                : Optional.of(S3Failure.of(
                        ErrorCode.BadDigest, "The " + a + " you specified did not match the calculated checksum."));
    }
}
