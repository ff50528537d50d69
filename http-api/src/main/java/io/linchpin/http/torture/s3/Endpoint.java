package io.linchpin.http.torture.s3;

import io.linchpin.http.sigv4.Credentials;
import io.linchpin.http.sigv4.RequestSigner;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.PercentCoding;
import io.linchpin.http.wire.RequestTarget;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An S3 endpoint, addressed path-style. Every request is sent once: nobody decides to try again. Only where an endpoint that
 * answered before takes no connection is the request held back, for half a minute at most: it may be starting again.
 */
public final class Endpoint implements AutoCloseable {
    /** What the HTTP client sets itself. */
    private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length");

    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(30);
    private static final int CONNECT_PAUSE_MILLIS = 100;

    private final URI url;
    private final RequestSigner signer;
    private final String region;
    private final Optional<String> sessionToken;
    private final Duration patience;
    private final HttpClient http;
    private volatile boolean answersAtAll;

    /**
     * Opens no connection yet.
     *
     * @param url scheme and authority only
     * @param sessionToken of temporary credentials
     * @param patience after which an answer that has not come counts as none
     */
    public Endpoint(URI url, Credentials credentials, String region, Optional<String> sessionToken, Duration patience) {
        this.url = url;
        this.signer = new RequestSigner(credentials, region);
        this.region = region;
        this.sessionToken = sessionToken;
        this.patience = patience;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .build();
    }

    String region() {
        return region;
    }

    /**
     * Sends one request.
     *
     * @param path decoded
     */
    Answer send(String method, String path, List<RequestTarget.Parameter> query, Headers headers, byte[] body)
            throws InterruptedException {
        long giveUp = System.nanoTime() + LONGEST_OUTAGE.toNanos();
        while (true) {
            try {
                HttpResponse<byte[]> response = http.send(
                        signed(method, new RequestTarget(path, query), headers, body),
                        HttpResponse.BodyHandlers.ofByteArray());
                answersAtAll = true;
                return new Answer(response.statusCode(), response.headers(), response.body(), "");
            } catch (ConnectException notSent) {
                if (!answersAtAll || System.nanoTime() > giveUp) {
                    answersAtAll = false;
                    return none(notSent);
                }
                Thread.sleep(CONNECT_PAUSE_MILLIS);
            } catch (IOException e) {
                return none(e);
            }
        }
    }

    private static Answer none(IOException e) {
        return Answer.none(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }

    private HttpRequest signed(String method, RequestTarget target, Headers headers, byte[] body) {
        Headers.Builder all = Headers.builder().add("host", url.getRawAuthority());
        for (int i = 0; i < headers.size(); i++) {
            all.add(headers.name(i), headers.value(i));
        }
        sessionToken.ifPresent(token -> all.add("x-amz-security-token", token));
        Headers signed = signer.sign(method, target, all.build(), body, Instant.now());
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + raw(target)))
                .timeout(patience)
                .method(
                        method,
                        body.length == 0 && !method.equals("PUT") && !method.equals("POST")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        for (int i = 0; i < signed.size(); i++) {
            if (!SET_BY_CLIENT.contains(signed.name(i))) {
                request.header(signed.name(i), signed.value(i));
            }
        }
        return request.build();
    }

    private static String raw(RequestTarget target) {
        StringBuilder raw = new StringBuilder(PercentCoding.encodePath(target.path()));
        char separator = '?';
        for (RequestTarget.Parameter one : target.query()) {
            raw.append(separator).append(PercentCoding.encode(one.name()));
            raw.append('=').append(PercentCoding.encode(one.value()));
            separator = '&';
        }
        return raw.toString();
    }

    /** Breaks what is under way. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
