package io.linchpin.http.server;

import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/** Collects bytes until the empty line that ends a head. Every byte is looked at once, however slowly they come. */
final class HeadBuffer {
    private byte[] bytes = new byte[1024];
    private int length;
    private int scanned;

    void append(ByteString more) {
        int n = more.size();
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
        while (skip + 1 < length && skip < 4 && bytes[skip] == '\r' && bytes[skip + 1] == '\n') {
            skip += 2;
        }
        if (skip > 0 && scanned == 0) {
            System.arraycopy(bytes, skip, bytes, 0, length - skip);
            length -= skip;
        }
    }

    /** Where the head ends, before its last CRLF CRLF plus two; -1 where it has not ended yet. */
    int headEnd() {
        for (int i = Math.max(scanned, 3); i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                scanned = i;
                return i - 1;
            }
        }
        scanned = length;
        return -1;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** What follows the head that ended at {@code headEnd}; the buffer is empty then. */
    ByteString takeRest(int headEnd) {
        ByteString rest = ByteString.fromArray(bytes, headEnd + 2, length - headEnd - 2);
        length = 0;
        scanned = 0;
        return rest;
    }
}
