package io.linchpin.http.body;

import io.linchpin.http.sigv4.ChunkSigner;
import io.linchpin.http.sigv4.Signature;
import io.linchpin.http.sigv4.TestSigner;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;

/** Makes and takes apart aws-chunked bodies for tests. */
final class AwsChunked {
    static final String SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    static final ChunkSigner SIGNER = TestSigner.chunkSigner(SEED);

    private AwsChunked() {}

    static AwsChunkedFormat unsigned(long length, String... trailers) {
        return new AwsChunkedFormat(Optional.empty(), length, List.of(trailers));
    }

    static AwsChunkedFormat signed(long length, String... trailers) {
        return new AwsChunkedFormat(Optional.of(SIGNER), length, List.of(trailers));
    }

    /** Chunks of at most that size with their signatures, the last one, and a signed trailer where one is given. */
    static byte[] sign(byte[] data, int chunkBytes, String trailer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Signature previous = SIGNER.seed();
        int at = 0;
        boolean last;
        do {
            int n = Math.min(chunkBytes, data.length - at);
            last = n == 0;
            java.security.MessageDigest hash = RunningHash.messageDigest("SHA-256");
            hash.update(data, at, n);
            previous = SIGNER.chunk(previous, hash.digest());
            out.writeBytes(ascii(Integer.toHexString(n) + ";chunk-signature=" + TestSigner.hex(previous) + "\r\n"));
            out.write(data, at, n);
            if (!last) {
                out.writeBytes(ascii("\r\n"));
            }
            at += n;
        } while (!last);
        if (!trailer.isEmpty()) {
            Signature s = SIGNER.trailer(
                    previous, RunningHash.messageDigest("SHA-256").digest(ascii(trailer + "\n")));
            out.writeBytes(ascii(trailer + "\r\nx-amz-trailer-signature:" + TestSigner.hex(s) + "\r\n"));
        }
        out.writeBytes(ascii("\r\n"));
        return out.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The data and trailers of a body that comes in one piece. */
    static Decoded decode(AwsChunkedFormat format, byte[] body) {
        AwsChunkedDecoder decoder = new AwsChunkedDecoder(format, 1, 1 << 20);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        decoder.feed(ByteBuffer.wrap(body), slice -> write(out, slice));
        return new Decoded(out.toByteArray(), decoder.finish());
    }

    static void write(ByteArrayOutputStream out, ByteBuffer slice) {
        byte[] bytes = new byte[slice.remaining()];
        slice.get(bytes);
        out.writeBytes(bytes);
    }

    static void assertRefused(ErrorCode code, AwsChunkedFormat format, String body) {
        assertRefused(code, format, ascii(body));
    }

    static void assertRefused(ErrorCode code, AwsChunkedFormat format, byte[] body) {
        S3Exception e = Assertions.assertThrows(S3Exception.class, () -> decode(format, body));
        Assertions.assertEquals(code, e.failure().code(), e.failure().message());
    }

    /** What came out. */
    @SuppressWarnings("ArrayRecordComponent")
    record Decoded(byte[] data, Trailers trailers) {
        String text() {
            return new String(data, StandardCharsets.ISO_8859_1);
        }
    }
}
