package io.linchpin.http.server;

import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/**
 * Collects bytes until the empty line that ends a head, and no byte beyond it is kept: a body that comes with its head is
 * not copied, nor held for the life of the connection. Every byte is looked at once, however slowly they come.
 */
final class HeadBuffer {
    /** Most heads come within one or two of these. */
    private static final int STEP_BYTES = 1024;

    private final int maxBytes;
    private byte[] bytes = new byte[STEP_BYTES];
    private int length;
    private int scanned;
    private int skipped;
    private int headEnd = -1;

    /** @param maxBytes a head that has not ended by then is not read further */
    HeadBuffer(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes what belongs to the head, and gives back what follows it: nothing where it has not ended. */
    ByteString take(ByteString more) {
        int taken = 0;
        while (headEnd < 0 && taken < more.size() && length <= maxBytes) {
            int n = Math.min(STEP_BYTES, more.size() - taken);
            append(more.drop(taken), n);
            taken += n;
            headEnd = findEnd();
        }
        if (headEnd < 0) {
            return ByteString.emptyByteString();
        }
        int beyond = length - headEnd - 2;
        length -= beyond;
        return more.drop(taken - beyond);
    }

    private void append(ByteString more, int n) {
        if (bytes.length - length < n) {
            bytes = Arrays.copyOf(bytes, Math.max(length + n, bytes.length * 2));
        }
        more.copyToArray(bytes, length, n);
        length += n;
        skipLeadingLineEnds();
    }

    /** A CRLF or two before a request line are to be ignored (RFC 9112, 2.2). */
    private void skipLeadingLineEnds() {
        int skip = 0;
        while (skip + 1 < length && skipped + skip < 4 && bytes[skip] == '\r' && bytes[skip + 1] == '\n') {
            skip += 2;
        }
        if (skip > 0) {
            System.arraycopy(bytes, skip, bytes, 0, length - skip);
            length -= skip;
            scanned = Math.max(0, scanned - skip);
            skipped += skip;
        }
    }

    private int findEnd() {
        for (int i = Math.max(scanned, 3); i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i - 1;
            }
        }
        scanned = length;
        return -1;
    }

    /** Where the head ends, before its last CRLF CRLF plus two; -1 where it has not ended yet. */
    int headEnd() {
        return headEnd;
    }

    /** Whether the head is longer than it may be, wherever it ends. */
    boolean isTooLong() {
        return headEnd > maxBytes || (headEnd < 0 && length > maxBytes);
    }

    byte[] bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** For the next head. */
    void clear() {
        if (bytes.length > 4 * STEP_BYTES) {
            bytes = new byte[STEP_BYTES];
        }
        length = 0;
        scanned = 0;
        skipped = 0;
        headEnd = -1;
    }
}
