package io.linchpin.http.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** A client of the test's node, which signs every request with the root account's keys. */
public final class S3 {
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final Path root;

    S3(int port, Path root) {
        this.port = port;
        this.root = root;
    }

    /** The store's directory. */
    public Path root() {
        return root;
    }

    /** Makes a bucket of its own for a test. */
    public String newBucket() throws IOException, InterruptedException {
        String name = "b-" + UUID.randomUUID();
        HttpResponse<String> made = send("PUT", "/" + name, "", Map.of());
        if (made.statusCode() != 200) {
            throw new IllegalStateException(made.body());
        }
        return name;
    }

    public HttpResponse<String> send(String method, String target, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(bytes));
        Signer.sign(method, target, "127.0.0.1:" + port, headers, Signer.sha256(bytes))
                .forEach((name, value) -> {
                    if (!name.equals("host")) {
                        request.header(name, value);
                    }
                });
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> send(String method, String target) throws IOException, InterruptedException {
        return send(method, target, "", Map.of());
    }

    /** Sends without any header of authorization. */
    public HttpResponse<String> sendAsIs(String method, String target) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host() + target))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Sends with these headers and no others. */
    public HttpResponse<String> sendAsIs(String method, String target, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + host() + target))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Host and port of the node. */
    public String host() {
        return "127.0.0.1:" + port;
    }
}
