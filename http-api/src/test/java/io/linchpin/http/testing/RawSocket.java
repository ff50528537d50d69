package io.linchpin.http.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** A connection on which a test writes what no HTTP client would. */
public final class RawSocket implements AutoCloseable {
    /** How long a test waits for an answer before it fails, in milliseconds: far beyond any deadline under test. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;

    /** Connects to this machine. */
    public RawSocket(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = socket.getInputStream();
    }

    /** An answer: status, headers as they came, body. */
    public record Answer(int status, String head, String body) {
        public boolean hasHeader(String line) {
            return head.toLowerCase(Locale.ROOT).contains("\r\n" + line.toLowerCase(Locale.ROOT));
        }
    }

    public RawSocket send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawSocket send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** A head with these headers. */
    public RawSocket head(String method, String target, Map<String, String> headers) throws IOException {
        StringBuilder out = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        headers.forEach((k, v) -> out.append(k).append(": ").append(v).append("\r\n"));
        return send(out.append("\r\n").toString());
    }

    /** Reads one answer whose length is in its head; the body of a 100 is empty. */
    public Answer answer() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the connection ended within a head: " + head);
            }
            head.write(b);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        int status = Integer.parseInt(text, 9, 12, 10);
        int at = text.toLowerCase(Locale.ROOT).indexOf("\r\ncontent-length:");
        int length = at < 0
                ? 0
                : Integer.parseInt(
                        text.substring(at + 17, text.indexOf('\r', at + 2)).strip());
        return new Answer(status, text, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    /** Says that nothing more will be sent; the answer can still be read. */
    public void endSending() throws IOException {
        socket.shutdownOutput();
    }

    /** Whether the server ends the connection (cleanly or not) without sending another byte. */
    public boolean ends() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Ends the connection as a client does that dies: at once, whatever is on its way. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
