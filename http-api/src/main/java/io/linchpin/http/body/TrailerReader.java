package io.linchpin.http.body;

import io.linchpin.http.sigv4.ChunkSigner;
import io.linchpin.http.sigv4.Signature;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what follows the last chunk: the announced trailers, each once and no other, then their signature where the
 * chunks are signed, then an empty line. A trailer may end in a bare LF, as strings to sign have it, and then an empty
 * line after it ends the trailer line only: one widespread client writes {@code name:value LF CR LF}.
 */
final class TrailerReader {
    private static final String SIGNATURE = "x-amz-trailer-signature";

    private final AwsChunkedFormat format;
    private final Map<String, String> found = new LinkedHashMap<>();
    private @Nullable Signature claimed;
    private boolean afterBareLf;

    TrailerReader(AwsChunkedFormat format) {
        this.format = format;
    }

    /** Takes a line; true where it was the empty one at the end. */
    boolean line(LineBuffer buffer) {
        boolean bareLf = !buffer.endsWithCrLf();
        String line = buffer.takeLenient();
        if (line.isEmpty()) {
            if (bareLf) {
                throw malformed("an empty line ends in a bare LF");
            }
            boolean end = !afterBareLf;
            afterBareLf = false;
            return end;
        }
        if (claimed != null) {
            throw malformed("a line follows its signature");
        }
        afterBareLf = bareLf;
        int colon = line.indexOf(':');
        if (colon < 1) {
            throw malformed("a line is not of the form name:value");
        }
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).strip();
        if (name.equals(SIGNATURE) && format.hasSignedTrailer()) {
            claimed = Signature.claimed(value);
        } else if (!format.trailerNames().contains(name) || found.putIfAbsent(name, value) != null) {
            throw malformed("it holds a header twice, or one that x-amz-trailer does not name");
        }
        return false;
    }

    /** Checks that all is there, and the signature: that of the last chunk, continued. */
    void finish(Optional<Signature> lastChunk) {
        if (found.size() != format.trailerNames().size()) {
            throw malformed("a header that x-amz-trailer names is missing");
        }
        if (!format.hasSignedTrailer()) {
            return;
        }
        if (claimed == null) {
            throw malformed("it is not signed");
        }
        ChunkSigner signer = format.signer().orElseThrow();
        MessageDigest hash = RunningHash.messageDigest("SHA-256");
        found.forEach((name, value) -> hash.update((name + ':' + value + '\n').getBytes(StandardCharsets.UTF_8)));
        if (!signer.trailer(lastChunk.orElseThrow(), hash.digest()).matches(claimed)) {
            throw new S3Exception(ErrorCode.SignatureDoesNotMatch);
        }
    }

    Trailers trailers() {
        return new Trailers(found);
    }

    private static S3Exception malformed(String why) {
        return new S3Exception(ErrorCode.MalformedTrailerError, "The trailer is malformed: " + why + ".");
    }
}
