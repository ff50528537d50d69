package io.linchpin.http.body;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.fuzz.FuzzTarget;
import io.linchpin.http.wire.S3Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A body, after a byte that names its form and one for its declared length: it means the same however it is cut; what is
 * accepted is of the declared length; of signed bodies only those are accepted that were signed; all else is an
 * S3Exception.
 */
public final class AwsChunkedFuzz implements FuzzTarget {
    private static final String CRC = "x-amz-checksum-crc32";
    private static final byte[] DATA = AwsChunked.ascii("what was signed, in chunks of nine");
    private static final int FORMS = 4;

    @Override
    public List<byte[]> seeds() {
        return List.of(
                body(0, DATA.length, AwsChunked.sign(DATA, 9, "")),
                body(1, DATA.length, AwsChunked.sign(DATA, 20, CRC + ":AAAAAA==")),
                body(2, 5, AwsChunked.ascii("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")),
                body(3, 3, AwsChunked.ascii("3\r\nabc\r\n0\r\n" + CRC + ": AAAAAA==\n\r\n\r\n")),
                body(3, 0, AwsChunked.ascii("0\r\n" + CRC + ":AAAAAA==\r\n\r\n")));
    }

    private static byte[] body(int form, int length, byte[] chunks) {
        return ByteBuffer.allocate(2 + chunks.length)
                .put((byte) form)
                .put((byte) length)
                .put(chunks)
                .array();
    }

    @Override
    public boolean run(byte[] input) {
        if (input.length < 2) {
            return false;
        }
        int form = Math.floorMod(input[0], FORMS);
        int length = input[1] & 0xFF;
        byte[] body = Arrays.copyOfRange(input, 2, input.length);
        AwsChunkedFormat format = switch (form) {
            case 0 -> AwsChunked.signed(length);
            case 1 -> AwsChunked.signed(length, CRC);
            case 2 -> AwsChunked.unsigned(length);
            default -> AwsChunked.unsigned(length, CRC);
        };
        Outcome whole = decode(format, body, body.length + 1);
        for (int piece : new int[] {1, 2, 7}) {
            assertEquals(whole.refusal(), decode(format, body, piece).refusal());
            assertArrayEquals(whole.data(), decode(format, body, piece).data());
        }
        if (!whole.refusal().isEmpty()) {
            return false;
        }
        assertEquals(length, whole.data().length);
        if (form < 2) {
            assertArrayEquals(DATA, whole.data());
        }
        if (form == 1) {
            assertEquals(Map.of(CRC, "AAAAAA=="), whole.trailers());
        }
        assertEquals(form % 2 == 1, whole.trailers().containsKey(CRC));
        return true;
    }

    /** What came out; data is what was handed on before a refusal, too. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Outcome(String refusal, byte[] data, Map<String, String> trailers) {}

    private static Outcome decode(AwsChunkedFormat format, byte[] body, int pieceBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AwsChunkedDecoder decoder = new AwsChunkedDecoder(format, 1, 1 << 20);
        try {
            for (int at = 0; at < body.length; at += pieceBytes) {
                ByteBuffer piece = ByteBuffer.wrap(body, at, Math.min(pieceBytes, body.length - at));
                decoder.feed(piece, slice -> AwsChunked.write(out, slice));
                assertEquals(0, piece.remaining());
            }
            Map<String, String> trailers = decoder.finish().byName();
            return new Outcome("", out.toByteArray(), trailers);
        } catch (S3Exception e) {
            assertTrue(out.size() <= body.length);
            return new Outcome(e.failure().toString(), out.toByteArray(), Map.of());
        }
    }
}
