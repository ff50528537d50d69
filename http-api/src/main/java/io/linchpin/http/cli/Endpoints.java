package io.linchpin.http.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.Optional;

/** Where a store is served, and plain GETs of it. */
final class Endpoints {
    private static final int ANSWER_LIMIT_MILLIS = 3_000;

    private Endpoints() {}

    /** An answer. Its body is empty where the status is an error's. */
    record Answer(int status, byte[] body) {}

    static String ofLoopbackPort(int port) {
        return "http://127.0.0.1:" + port;
    }

    /** Asks once, for at most 3 s: empty where nobody answers. */
    static Optional<Answer> get(String endpoint, String path) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(endpoint + path).toURL().openConnection(Proxy.NO_PROXY);
            try {
                connection.setConnectTimeout(ANSWER_LIMIT_MILLIS);
                connection.setReadTimeout(ANSWER_LIMIT_MILLIS);
                int status = connection.getResponseCode();
                if (status >= 400) {
                    return Optional.of(new Answer(status, new byte[0]));
                }
                try (InputStream body = connection.getInputStream()) {
                    return Optional.of(new Answer(status, body.readAllBytes()));
                }
            } finally {
                connection.disconnect();
            }
        } catch (IOException | IllegalArgumentException noAnswer) {
            return Optional.empty();
        }
    }
}
