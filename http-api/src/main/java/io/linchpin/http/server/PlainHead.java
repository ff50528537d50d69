package io.linchpin.http.server;

import io.linchpin.http.server.RequestHead.Accepted;
import io.linchpin.http.server.RequestHead.Framing;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;

/** The head that the HTTP library gets in place of the one that came: no target, no header but those of its framing. */
final class PlainHead {
    /** Has the library answer once and close: what it is to say is known. */
    static final ByteString REFUSED = ascii("GET / HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\r\n");

    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    private PlainHead() {}

    static ByteString of(Accepted accepted) {
        StringBuilder out = new StringBuilder(128);
        // The library must know a HEAD, for its answer has no body; the other methods are our own business.
        out.append(accepted.view().method().equals("HEAD") ? "HEAD" : "POST");
        out.append(" / HTTP/1.1\r\nHost: l\r\n");
        switch (accepted.framing()) {
            case Framing.Length(long bytes)
            when bytes > 0 -> out.append("Content-Length: ").append(bytes).append("\r\n");
            case Framing.Length ignored -> {
                // The library asks only for a body that may have bytes; botocore, not asked, would take the final
                // answer of this request for that of the next one too.
                if (accepted.expectContinue()) {
                    out.append(CHUNKED);
                }
            }
            case Framing.Chunked ignored -> out.append(CHUNKED);
        }
        if (accepted.expectContinue()) {
            out.append("Expect: 100-continue\r\n");
        }
        if (accepted.close()) {
            out.append("Connection: close\r\n");
        }
        return ascii(out.append("\r\n").toString());
    }

    private static ByteString ascii(String text) {
        return ByteString.fromArrayUnsafe(text.getBytes(StandardCharsets.US_ASCII));
    }
}
