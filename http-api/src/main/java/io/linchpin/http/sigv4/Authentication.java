package io.linchpin.http.sigv4;

import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Failure;
import java.util.Optional;

/** What the head of a request says about its sender. */
public sealed interface Authentication {
    /**
     * Signed by the holder of the key pair. The body has still to bear out its mode.
     *
     * @param request as its operation is to see it: the parameters of a presigned URL that stand for headers are headers
     * @param chunkSigner present where the mode is {@link PayloadMode.SignedChunks}
     */
    record Verified(String accessKeyId, RequestView request, PayloadMode payload, Optional<ChunkSigner> chunkSigner)
            implements Authentication {}

    /** Not signed at all. */
    record Anonymous(PayloadMode payload) implements Authentication {}

    /** Malformed, wrong or too old. */
    record Refused(S3Failure failure) implements Authentication {}
}
