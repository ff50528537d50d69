package io.linchpin.http.server;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.Numbers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the head of a request, strictly: whatever two parsers could take for two things is refused, and with it the
 * connection. Lines end in CRLF and nothing else; no space before a colon, no folded line; one Content-Length of digits
 * only, or one Transfer-Encoding that is exactly {@code chunked}, never both, and no Transfer-Encoding before HTTP/1.1.
 */
public final class HeadParser {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS");
    private static final boolean[] TOKEN = new boolean[128];

    static {
        String token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        for (int i = 0; i < token.length(); i++) {
            TOKEN[token.charAt(i)] = true;
        }
    }

    private final int maxHeaders;

    /** @param maxHeaders bound on the number of header lines */
    public HeadParser(int maxHeaders) {
        this.maxHeaders = maxHeaders;
    }

    /**
     * Reads a head.
     *
     * @param bytes the request line and the header lines, each with its CRLF, up to but without the empty line
     */
    public RequestHead parse(byte[] bytes, int from, int to) {
        try {
            return parseLines(bytes, from, to);
        } catch (S3Exception e) {
            return new RequestHead.Refused(e.failure());
        }
    }

    private RequestHead parseLines(byte[] bytes, int from, int to) {
        int lineEnd = endOfLine(bytes, from, to);
        int firstSpace = find(bytes, from, lineEnd, ' ');
        int lastSpace = firstSpace < 0 ? -1 : find(bytes, firstSpace + 1, lineEnd, ' ');
        if (firstSpace <= from || lastSpace < 0 || find(bytes, lastSpace + 1, lineEnd, ' ') >= 0) {
            throw bad("The request line is malformed.");
        }
        String version = ascii(bytes, lastSpace + 1, lineEnd);
        boolean http11 = version.equals("HTTP/1.1");
        if (!http11 && !version.equals("HTTP/1.0")) {
            throw bad("Only HTTP/1.1 and HTTP/1.0 are spoken here.");
        }
        String method = ascii(bytes, from, firstSpace);
        if (!METHODS.contains(method)) {
            throw new S3Exception(ErrorCode.MethodNotAllowed);
        }
        RequestTarget target = text(bytes, firstSpace + 1, lastSpace)
                .flatMap(RequestTarget::parse)
                .orElseThrow(() -> new S3Exception(ErrorCode.InvalidURI));
        Headers headers = headers(bytes, lineEnd + 2, to);
        checkHost(headers, http11);
        RequestHead.Framing framing = framing(headers, http11);
        boolean expectContinue = expectContinue(headers, http11);
        boolean close = !http11 || asksToClose(headers);
        return new RequestHead.Accepted(new RequestView(method, target, headers), framing, close, expectContinue);
    }

    private Headers headers(byte[] bytes, int from, int to) {
        Headers.Builder headers = Headers.builder();
        int count = 0;
        int line = from;
        while (line < to) {
            int end = endOfLine(bytes, line, to);
            if (++count > maxHeaders) {
                throw bad("The request has too many headers.");
            }
            int colon = line;
            while (colon < end && bytes[colon] > 0 && TOKEN[bytes[colon]]) {
                colon++;
            }
            if (colon == line || colon == end || bytes[colon] != ':') {
                throw bad("A header line is malformed.");
            }
            headers.add(ascii(bytes, line, colon), value(bytes, colon + 1, end));
            line = end + 2;
        }
        return headers.build();
    }

    /** UTF-8 where it is that, as clients send metadata; else each byte is a character of Latin-1. */
    private static String value(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            int b = bytes[i] & 0xFF;
            if ((b < 0x20 && b != '\t') || b == 0x7F) {
                throw bad("A header value has a control character.");
            }
        }
        return text(bytes, from, to).orElseGet(() -> new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    private static void checkHost(Headers headers, boolean http11) {
        List<String> hosts = headers.all("host");
        if (hosts.size() > 1 || (http11 && hosts.isEmpty())) {
            throw bad("A request must have exactly one Host header.");
        }
        for (int i = 0; !hosts.isEmpty() && i < hosts.getFirst().length(); i++) {
            char c = hosts.getFirst().charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '/' || c == '@' || c == ',' || c == '?' || c == '#') {
                throw bad("The Host header is malformed.");
            }
        }
    }

    private static RequestHead.Framing framing(Headers headers, boolean http11) {
        List<String> encodings = headers.all("transfer-encoding");
        List<String> lengths = headers.all("content-length");
        if (!encodings.isEmpty()) {
            if (!lengths.isEmpty()) {
                throw bad("A request must not have both Transfer-Encoding and Content-Length.");
            }
            if (!http11 || encodings.size() > 1 || !encodings.getFirst().equalsIgnoreCase("chunked")) {
                throw bad("The only Transfer-Encoding understood is chunked, once.");
            }
            return new RequestHead.Framing.Chunked();
        }
        if (lengths.isEmpty()) {
            return new RequestHead.Framing.Length(0);
        }
        long length = lengths.size() == 1 ? Numbers.nonNegative(lengths.getFirst()) : -1;
        if (length < 0) {
            throw bad("A request must not have more than one Content-Length, and that of digits only.");
        }
        return new RequestHead.Framing.Length(length);
    }

    /** An expectation that is not understood may be passed over (RFC 9110, 10.1.1), and is. */
    private static boolean expectContinue(Headers headers, boolean http11) {
        List<String> expectations = headers.all("expect");
        if (expectations.size() > 1) {
            throw bad("A request must not have more than one Expect header.");
        }
        if (expectations.isEmpty() || !expectations.getFirst().equalsIgnoreCase("100-continue")) {
            return false;
        }
        // Without a body there is nothing to wait for.
        return http11 && (headers.has("content-length") || headers.has("transfer-encoding"));
    }

    private static boolean asksToClose(Headers headers) {
        for (String value : headers.all("connection")) {
            if (value.toLowerCase(Locale.ROOT).contains("close")) {
                return true;
            }
        }
        return false;
    }

    /** Where the line's CRLF stands; a CR or LF on its own is refused. */
    private static int endOfLine(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                break;
            }
            if (bytes[i] == '\r') {
                if (i + 1 < to && bytes[i + 1] == '\n') {
                    return i;
                }
                break;
            }
        }
        throw bad("A line does not end in CRLF.");
    }

    private static int find(byte[] bytes, int from, int to, char c) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == c) {
                return i;
            }
        }
        return -1;
    }

    private static String ascii(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    private static Optional<String> text(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return strictUtf8(bytes, from, to);
            }
        }
        return Optional.of(ascii(bytes, from, to));
    }

    private static Optional<String> strictUtf8(byte[] bytes, int from, int to) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    private static S3Exception bad(String message) {
        return new S3Exception(ErrorCode.BadRequest, message);
    }
}
