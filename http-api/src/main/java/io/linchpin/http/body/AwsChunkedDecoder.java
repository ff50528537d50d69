package io.linchpin.http.body;

import io.linchpin.http.sigv4.ChunkSigner;
import io.linchpin.http.sigv4.Signature;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the data out of an aws-chunked body, piece by piece:
 *
 * <pre>
 *   chunk   = hex-size [";chunk-signature=" 64 hex] CRLF  data  CRLF     (size of 1 or more)
 *   last    = "0"      [";chunk-signature=" 64 hex] CRLF
 *   body    = *chunk last [trailer] CRLF
 *   trailer = 1*( name ":" value CRLF ) ["x-amz-trailer-signature:" 64 hex CRLF]
 *
 *            +--------------- data, CRLF --------------+
 *            v                                         |
 *   start -> HEADER -- size > 0 --> DATA --> DATA_END -+
 *            |
 *            +-- size 0 --> TRAILER -- empty line --> DONE
 * </pre>
 *
 * Data is handed on as it comes, before the signature of its chunk can be checked: nothing is good until {@link #finish}
 * has returned, so callers stage, and commit after that. Every failure is final. Not safe for use by several threads at
 * once.
 */
public final class AwsChunkedDecoder {
    /** Bound on a signed chunk, in bytes. An unsigned one is bounded by what is left of the declared length. */
    public static final long DEFAULT_MAX_SIGNED_CHUNK_BYTES = 16L * 1024 * 1024;

    /** The least that S3 takes as a chunk of data, unless it is the last one. */
    public static final long MIN_CHUNK_BYTES = 8192;

    private static final int MAX_SIZE_DIGITS = 16;
    private static final String EXTENSION = "chunk-signature=";

    private enum State {
        HEADER,
        DATA,
        DATA_END,
        TRAILER,
        DONE,
        FAILED
    }

    private final AwsChunkedFormat format;
    private final long minChunkBytes;
    private final long maxSignedChunkBytes;
    private final LineBuffer line = new LineBuffer();
    private final TrailerReader trailer;
    private final @Nullable ChunkSigner signer;
    private final @Nullable MessageDigest chunkHash;

    private State state = State.HEADER;
    private long chunkLeftBytes;
    private long lastChunkBytes = Long.MAX_VALUE;
    private long decodedBytes;
    private @Nullable Signature previous;
    private @Nullable Signature claimed;

    public AwsChunkedDecoder(AwsChunkedFormat format) {
        this(format, MIN_CHUNK_BYTES, DEFAULT_MAX_SIGNED_CHUNK_BYTES);
    }

    /**
     * Creates a decoder for one body.
     *
     * @param minChunkBytes what every chunk of data but the last must hold
     * @param maxSignedChunkBytes bound on a signed chunk; at least 1
     */
    public AwsChunkedDecoder(AwsChunkedFormat format, long minChunkBytes, long maxSignedChunkBytes) {
        this.format = format;
        this.minChunkBytes = minChunkBytes;
        this.maxSignedChunkBytes = maxSignedChunkBytes;
        this.trailer = new TrailerReader(format);
        this.signer = format.signer().orElse(null);
        this.previous = signer == null ? null : signer.seed();
        this.chunkHash = signer == null ? null : RunningHash.messageDigest("SHA-256");
    }

    /**
     * Takes the next bytes of the body, all of them.
     *
     * @param sink gets the decoded data as slices of {@code input}, valid during the call only
     * @throws S3Exception where the body is malformed, too long, or not what was signed
     */
    public void feed(ByteBuffer input, Consumer<ByteBuffer> sink) {
        if (state == State.FAILED) {
            throw new IllegalStateException("fed after a failure");
        }
        State before = state;
        state = State.FAILED;
        state = run(before, input, sink);
    }

    private State run(State from, ByteBuffer input, Consumer<ByteBuffer> sink) {
        State s = from;
        while (input.hasRemaining()) {
            s = switch (s) {
                case HEADER -> line.fill(input) ? chunkHeader(line.takeStrict()) : s;
                case DATA -> data(input, sink);
                case DATA_END -> line.fill(input) ? dataEnd(line.takeStrict()) : s;
                case TRAILER -> line.fill(input) ? trailerLine() : s;
                case DONE -> throw malformed("bytes follow the end of the last chunk");
                case FAILED -> throw new IllegalStateException();
            };
        }
        return s;
    }

    /**
     * Says that the body has ended.
     *
     * @return the trailers, exactly those that the request announced
     * @throws S3Exception IncompleteBody where the last chunk or trailer is missing or the length is not as declared
     */
    public Trailers finish() {
        if (state == State.FAILED) {
            throw new IllegalStateException("finished after a failure");
        }
        if (state != State.DONE) {
            state = State.FAILED;
            throw incomplete();
        }
        return trailer.trailers();
    }

    private State chunkHeader(String header) {
        int semicolon = header.indexOf(';');
        String digits = semicolon < 0 ? header : header.substring(0, semicolon);
        long size = size(digits);
        if (signer == null) {
            if (semicolon >= 0) {
                throw malformed("a chunk of an unsigned body has an extension");
            }
        } else {
            claimed = semicolon >= 0 && header.startsWith(EXTENSION, semicolon + 1)
                    ? Signature.claimed(header.substring(semicolon + 1 + EXTENSION.length()))
                    : null;
            if (claimed == null) {
                throw malformed("a chunk has no signature");
            }
            if (size > maxSignedChunkBytes) {
                throw new S3Exception(
                        ErrorCode.InvalidRequest,
                        "A signed chunk may hold no more than " + maxSignedChunkBytes + " bytes.");
            }
        }
        if (size > 0 && lastChunkBytes < minChunkBytes) {
            throw new S3Exception(ErrorCode.InvalidChunkSizeError);
        }
        if (size > format.decodedLengthBytes() - decodedBytes) {
            throw incomplete();
        }
        chunkLeftBytes = size;
        lastChunkBytes = size;
        if (size > 0) {
            return State.DATA;
        }
        if (decodedBytes != format.decodedLengthBytes()) {
            throw incomplete();
        }
        checkChunkSignature();
        return State.TRAILER;
    }

    private static long size(String digits) {
        if (digits.isEmpty() || digits.length() > MAX_SIZE_DIGITS) {
            throw malformed("a chunk size is malformed");
        }
        long size = 0;
        for (int i = 0; i < digits.length(); i++) {
            int d = Character.digit(digits.charAt(i), 16);
            if (d < 0 || digits.charAt(i) >= 0x80 || size > (Long.MAX_VALUE >> 4)) {
                throw malformed("a chunk size is malformed");
            }
            size = (size << 4) | d;
        }
        return size;
    }

    private State data(ByteBuffer input, Consumer<ByteBuffer> sink) {
        int n = (int) Math.min(chunkLeftBytes, input.remaining());
        ByteBuffer slice = input.slice(input.position(), n);
        input.position(input.position() + n);
        if (chunkHash != null) {
            chunkHash.update(slice.duplicate());
        }
        chunkLeftBytes -= n;
        decodedBytes += n;
        sink.accept(slice);
        return chunkLeftBytes == 0 ? State.DATA_END : State.DATA;
    }

    private State dataEnd(String rest) {
        if (!rest.isEmpty()) {
            throw malformed("a chunk's data is longer than its size");
        }
        checkChunkSignature();
        return State.HEADER;
    }

    private void checkChunkSignature() {
        if (signer == null || chunkHash == null || previous == null || claimed == null) {
            return;
        }
        Signature expected = signer.chunk(previous, chunkHash.digest());
        if (!expected.matches(claimed)) {
            throw new S3Exception(ErrorCode.SignatureDoesNotMatch);
        }
        previous = expected;
        claimed = null;
    }

    private State trailerLine() {
        if (!trailer.line(line)) {
            return State.TRAILER;
        }
        trailer.finish(Optional.ofNullable(previous));
        return State.DONE;
    }

    private static S3Exception malformed(String why) {
        return new S3Exception(ErrorCode.IncompleteBody, "The aws-chunked body is malformed: " + why + ".");
    }

    private static S3Exception incomplete() {
        return new S3Exception(
                ErrorCode.IncompleteBody,
                "The request body terminated unexpectedly, or its length is not the x-amz-decoded-content-length.");
    }
}
