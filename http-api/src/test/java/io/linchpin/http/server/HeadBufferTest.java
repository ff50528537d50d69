package io.linchpin.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadBufferTest {
    private static final int MAX_BYTES = 3000;
    private static final String HEAD = "GET / HTTP/1.1\r\nHost: h\r\n";

    private final HeadBuffer buffer = new HeadBuffer(MAX_BYTES);

    private static ByteString bytes(String text) {
        return ByteString.fromArray(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String head() {
        return new String(buffer.bytes(), 0, buffer.headEnd(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatFollowsAHeadIsNeitherKeptNorCopied() {
        byte[] read = (HEAD + "\r\n" + "x".repeat(100_000)).getBytes(StandardCharsets.ISO_8859_1);
        ByteString rest = buffer.take(ByteString.fromArrayUnsafe(read));
        assertEquals(HEAD, head());
        assertEquals(100_000, rest.size());
        read[read.length - 1] = 'y';
        assertEquals('y', rest.last());
        assertTrue(buffer.bytes().length < 5000, () -> "holds " + buffer.bytes().length);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1023, 1024, 1025})
    void aHeadIsFoundHoweverItComes(int pieceBytes) {
        for (int pad : new int[] {0, 990, 995, 1000, 2000}) {
            String text = HEAD + "X: " + "a".repeat(pad) + "\r\n";
            String all = "\r\n" + text + "\r\nbody";
            StringBuilder rest = new StringBuilder();
            for (int at = 0; at < all.length(); at += pieceBytes) {
                String piece = all.substring(at, Math.min(all.length(), at + pieceBytes));
                rest.append(buffer.headEnd() < 0 ? buffer.take(bytes(piece)).utf8String() : piece);
            }
            assertEquals(text, head());
            assertEquals("body", rest.toString());
            buffer.clear();
            assertTrue(buffer.isEmpty());
        }
    }

    @Test
    void aHeadMayHaveSoManyBytesAndNoMore() {
        String line = "X: " + "a".repeat(MAX_BYTES - HEAD.length() - 5) + "\r\n";
        buffer.take(bytes(HEAD + line + "\r\n"));
        assertEquals(MAX_BYTES, buffer.headEnd());
        assertFalse(buffer.isTooLong());
        buffer.clear();
        buffer.take(bytes(HEAD + "a" + line + "\r\n"));
        assertTrue(buffer.isTooLong());
        buffer.clear();
        buffer.take(bytes("x".repeat(1 << 20)));
        assertTrue(buffer.isTooLong());
        assertTrue(buffer.bytes().length <= 3 * MAX_BYTES);
    }
}
