package io.linchpin.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.fuzz.FuzzTarget;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.PercentCoding;
import io.linchpin.http.wire.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Heads of requests: one that is accepted has no control character anywhere, is framed as the strictest of readers would
 * frame it, and its target, written in its canonical form, is read as the same.
 */
public final class HeadFuzz implements FuzzTarget {
    private final HeadParser parser = new HeadParser(64);

    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        "GET /b/k?list-type=2&prefix=a%2Fb&c=+d HTTP/1.1\r\nHost: h\r\n",
                        "PUT /b/%C3%A9 HTTP/1.1\r\nHost: h:80\r\nContent-Length: 12\r\nExpect: 100-continue\r\n",
                        "PUT /b/k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n",
                        "POST http://h/b?delete HTTP/1.0\r\nContent-Length:\t7 \r\nX-Amz-Meta-A: \u00c3\u00a9 b\r\n",
                        "PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: \u00e3\u0080\u00803\r\n",
                        "PUT /b/k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \u00e3\u0080\u0080chunked\r\n")
                .map(head -> head.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Override
    public boolean run(byte[] input) {
        return switch (parser.parse(input, 0, input.length)) {
            case RequestHead.Refused _ -> false;
            case RequestHead.Accepted head -> {
                check(head, new String(input, StandardCharsets.ISO_8859_1));
                yield true;
            }
        };
    }

    private static void check(RequestHead.Accepted head, String raw) {
        Headers headers = head.view().headers();
        for (int i = 0; i < headers.size(); i++) {
            assertTrue(headers.name(i).matches("[!#$%&'*+.^_`|~0-9a-z-]+"), headers.name(i));
            assertTrue(headers.value(i).chars().noneMatch(c -> (c < ' ' && c != '\t') || c == 0x7F));
        }
        checkFraming(head, raw);
        checkTarget(head.view().target());
        String line = raw.substring(0, raw.indexOf('\r'));
        assertEquals(head.view().method(), line.substring(0, line.indexOf(' ')));
    }

    /** By the lines as they came, and nothing but what RFC 9112 says of them. */
    private static void checkFraming(RequestHead.Accepted head, String raw) {
        List<String> lengths = new ArrayList<>();
        List<String> encodings = new ArrayList<>();
        for (String line : raw.split("\r\n", -1)) {
            assertFalse(line.contains("\n") || line.contains("\r"), "a line end within a line");
            String lower = line.toLowerCase(java.util.Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                lengths.add(value(lower));
            } else if (lower.startsWith("transfer-encoding:")) {
                encodings.add(value(lower));
            }
        }
        switch (head.framing()) {
            case RequestHead.Framing.Chunked() -> {
                assertEquals(List.of("chunked"), encodings);
                assertEquals(List.of(), lengths);
            }
            case RequestHead.Framing.Length(long bytes) -> {
                assertEquals(List.of(), encodings);
                assertTrue(lengths.size() <= 1);
                assertTrue(lengths.isEmpty() || lengths.getFirst().matches("[0-9]+"), lengths::toString);
                assertEquals(bytes, lengths.isEmpty() ? 0 : Long.parseLong(lengths.getFirst()));
            }
        }
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1).replaceAll("^[ \t]+|[ \t]+$", "");
    }

    private static void checkTarget(RequestTarget target) {
        String query = target.query().stream()
                .map(p -> PercentCoding.encode(p.name()) + "=" + PercentCoding.encode(p.value()))
                .collect(Collectors.joining("&"));
        String canonical = PercentCoding.encodePath(target.path()) + (query.isEmpty() ? "" : "?" + query);
        assertTrue(canonical.matches("[!-~]+"), canonical);
        if (canonical.length() <= RequestTarget.MAX_CHARS) {
            assertEquals(Optional.of(target), RequestTarget.parse(canonical));
        }
    }
}
