package io.linchpin.it.harness;

import io.linchpin.http.testing.Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;

/** Signed requests, each sent once: no client library decides to try again. */
public final class Http {
    /** Far beyond any deadline of the server: only a request that hangs reaches it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length", "connection");
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    private final IntSupplier port;

    /** @param port asked for each request */
    public Http(IntSupplier port) {
        this.port = port;
    }

    /** What came back. */
    public record Answer(int status, HttpHeaders headers, byte[] body) {
        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** Without its quotes. */
        public String etag() {
            return header("etag").replace("\"", "");
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The S3 error code; empty where there is none. */
        public String code() {
            String text = text();
            int at = text.indexOf("<Code>");
            return at < 0 ? "" : text.substring(at + 6, text.indexOf("</Code>", at));
        }

        @Override
        public String toString() {
            String text = text();
            return status + " " + headers.map() + " " + text.substring(0, Math.min(300, text.length()));
        }
    }

    public Answer send(String method, String target) {
        return send(method, target, Map.of(), new byte[0]);
    }

    public Answer put(String target, byte[] body, String... headers) {
        return send("PUT", target, map(headers), body);
    }

    public Answer get(String target, String... headers) {
        return send("GET", target, map(headers), new byte[0]);
    }

    /**
     * Sends one signed request.
     *
     * @param target path and query, encoded
     * @throws UncheckedIOException where the outcome is unknown: no answer came
     */
    public Answer send(String method, String target, Map<String, String> headers, byte[] body) {
        int to = port.getAsInt();
        Map<String, String> signed = Signer.sign(method, target, "127.0.0.1:" + to, headers, Signer.sha256(body));
        return sendAsIs(to, method, target, signed, body);
    }

    /** Sends headers as they are given. */
    public static Answer sendAsIs(int port, String method, String target, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .timeout(PATIENCE)
                .method(
                        method,
                        body.length == 0 && !method.equals("PUT") && !method.equals("POST")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach((name, value) -> {
            if (!SET_BY_CLIENT.contains(name)) {
                request.header(name, value);
            }
        });
        try {
            HttpResponse<byte[]> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The status of an unsigned GET; 0 where no answer came. */
    static int statusOf(int port, String path) {
        try {
            return sendAsIs(port, "GET", path, Map.of(), new byte[0]).status();
        } catch (UncheckedIOException noAnswer) {
            return 0;
        }
    }

    private static Map<String, String> map(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
