package io.linchpin.http.body;

import io.linchpin.http.sigv4.Authentication;
import io.linchpin.http.sigv4.ChunkSigner;
import io.linchpin.http.sigv4.PayloadMode;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.Numbers;
import io.linchpin.http.wire.S3Exception;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the head of a request says about its aws-chunked body.
 *
 * @param signer present where chunks and trailer are signed
 * @param decodedLengthBytes {@code x-amz-decoded-content-length}: what the chunks must add up to
 * @param trailerNames {@code x-amz-trailer}, in lower case: exactly these must follow the last chunk
 */
public record AwsChunkedFormat(Optional<ChunkSigner> signer, long decodedLengthBytes, List<String> trailerNames) {
    private static final int MAX_TRAILERS = 8;

    public AwsChunkedFormat {
        trailerNames = List.copyOf(trailerNames);
    }

    /**
     * The format of a request's body; nothing where it is not chunked.
     *
     * @throws S3Exception MissingContentLength, InvalidArgument, InvalidRequest or MalformedTrailerError
     */
    public static Optional<AwsChunkedFormat> of(Authentication authentication, Headers headers) {
        return switch (authentication) {
            case Authentication.Verified v -> of(v.payload(), v.chunkSigner(), headers);
            case Authentication.Anonymous a -> of(a.payload(), Optional.empty(), headers);
            case Authentication.Refused r -> throw r.failure().exception();
        };
    }

    private static Optional<AwsChunkedFormat> of(PayloadMode mode, Optional<ChunkSigner> signer, Headers headers) {
        if (!mode.isChunked()) {
            return Optional.empty();
        }
        long length = Numbers.nonNegative(headers.first("x-amz-decoded-content-length")
                .orElseThrow(() -> new S3Exception(ErrorCode.MissingContentLength)));
        if (length < 0) {
            throw new S3Exception(ErrorCode.InvalidArgument, "x-amz-decoded-content-length is not a number of bytes.");
        }
        List<String> names = names(headers);
        boolean mayHaveTrailer = !(mode instanceof PayloadMode.SignedChunks s) || s.trailer();
        if (!names.isEmpty() && !mayHaveTrailer) {
            throw new S3Exception(ErrorCode.InvalidRequest, "x-amz-trailer needs a payload mode with a trailer.");
        }
        if (names.isEmpty() && mayHaveTrailer) {
            throw new S3Exception(
                    ErrorCode.MalformedTrailerError,
                    "The payload mode needs an x-amz-trailer header, and there is none.");
        }
        return Optional.of(new AwsChunkedFormat(signer, length, names));
    }

    private static List<String> names(Headers headers) {
        List<String> names = new ArrayList<>(1);
        for (String value : headers.all("x-amz-trailer")) {
            for (int start = 0; start <= value.length(); ) {
                int comma = value.indexOf(',', start);
                int end = comma < 0 ? value.length() : comma;
                String name = value.substring(start, end).strip().toLowerCase(Locale.ROOT);
                if (name.isEmpty() || names.contains(name) || names.size() == MAX_TRAILERS) {
                    throw new S3Exception(ErrorCode.MalformedTrailerError, "The x-amz-trailer header is malformed.");
                }
                names.add(name);
                start = end + 1;
            }
        }
        return names;
    }

    /** Whether the trailer carries a signature of its own. */
    boolean hasSignedTrailer() {
        return signer.isPresent() && !trailerNames.isEmpty();
    }
}
