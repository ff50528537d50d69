package io.linchpin.http.sigv4;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;

/** What {@code x-amz-content-sha256} says about the body. In every mode the signature of the head is checked alike. */
public sealed interface PayloadMode {
    /** The body's SHA-256 is part of the signature, so the body must have it. */
    record Sha256Hex(String hex) implements PayloadMode {}

    /** The body is not covered by the signature. */
    record Unsigned() implements PayloadMode {}

    /** The body is aws-chunked, every chunk signed. */
    record SignedChunks(boolean trailer) implements PayloadMode {}

    /** The body is aws-chunked without signatures, with a trailing checksum. */
    record UnsignedChunksTrailer() implements PayloadMode {}

    /** Whether the body must go through the aws-chunked decoder. */
    default boolean isChunked() {
        return this instanceof SignedChunks || this instanceof UnsignedChunksTrailer;
    }

    /**
     * The mode of a header value.
     *
     * @throws S3Exception InvalidArgument where there is no such mode
     */
    static PayloadMode parse(String text) {
        return switch (text) {
            case "UNSIGNED-PAYLOAD" -> new Unsigned();
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> new SignedChunks(false);
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> new SignedChunks(true);
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> new UnsignedChunksTrailer();
            default -> {
                if (!Sha256.isLowerHex(text)) {
                    throw S3Failure.of(
                                    ErrorCode.InvalidArgument,
                                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                                            + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
                                            + " or a valid sha256 value.")
                            .with("ArgumentName", "x-amz-content-sha256")
                            .with("ArgumentValue", text)
                            .exception();
                }
                yield new Sha256Hex(text);
            }
        };
    }
}
