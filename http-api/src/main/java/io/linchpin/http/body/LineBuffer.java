package io.linchpin.http.body;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Collects one line of an aws-chunked body, of at most {@value #MAX_BYTES} bytes, over any number of pieces. */
final class LineBuffer {
    static final int MAX_BYTES = 1024;

    private final byte[] bytes = new byte[MAX_BYTES];
    private int length;

    /** Takes bytes up to and with the next line feed; false where it has not come yet. */
    boolean fill(ByteBuffer input) {
        while (input.hasRemaining()) {
            byte b = input.get();
            if (length == MAX_BYTES) {
                throw malformed("A line of the aws-chunked body is too long.");
            }
            bytes[length++] = b;
            if (b == '\n') {
                return true;
            }
        }
        return false;
    }

    /** The line without its end, which must be CR LF; printable ASCII. */
    String takeStrict() {
        if (!endsWithCrLf()) {
            throw malformed("A line of the aws-chunked body does not end in CR LF.");
        }
        return take(2);
    }

    boolean endsWithCrLf() {
        return length >= 2 && bytes[length - 2] == '\r';
    }

    /** The line without its end, which may be a bare LF. */
    String takeLenient() {
        return take(endsWithCrLf() ? 2 : 1);
    }

    private String take(int endBytes) {
        int n = length - endBytes;
        length = 0;
        for (int i = 0; i < n; i++) {
            if (bytes[i] < 0x20 || bytes[i] == 0x7F) {
                throw malformed("A line of the aws-chunked body holds a character that is not printable ASCII.");
            }
        }
        return new String(bytes, 0, n, StandardCharsets.US_ASCII);
    }

    private static S3Exception malformed(String why) {
        return new S3Exception(ErrorCode.IncompleteBody, why);
    }
}
