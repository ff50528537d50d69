package io.linchpin.http.torture.s3;

import io.linchpin.http.sigv4.Credentials;
import io.linchpin.http.sigv4.RequestSigner;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.PercentCoding;
import io.linchpin.http.wire.RequestTarget;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An S3 endpoint, addressed path-style. Every request is signed and sent once: nobody decides to try again. */
public final class Endpoint implements AutoCloseable {
    /** What the HTTP client sets itself. */
    private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length");

    private final URI url;
    private final RequestSigner signer;
    private final String region;
    private final Optional<String> sessionToken;
    private final Duration patience;
    private final HttpClient http;

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
        Headers.Builder all = Headers.builder().add("host", url.getRawAuthority());
        for (int i = 0; i < headers.size(); i++) {
            all.add(headers.name(i), headers.value(i));
        }
        sessionToken.ifPresent(token -> all.add("x-amz-security-token", token));
        RequestTarget target = new RequestTarget(path, query);
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
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers(), response.body(), "");
        } catch (IOException e) {
            return Answer.none(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
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
