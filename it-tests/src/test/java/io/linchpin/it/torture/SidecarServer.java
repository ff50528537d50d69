package io.linchpin.it.torture;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An S3 server in miniature, which keeps body and metadata apart as gateways over a directory do: without its lock one upload's
 * metadata may land beside another one's body, and a condition is judged before somebody else's write. With it, it is right.
 */
final class SidecarServer implements AutoCloseable {
    private static final String UPLOAD = "x-amz-meta-upload";

    /** Between a write's two halves, in microseconds: up to so many. */
    private static final int GAP_MICROS = 4_000;

    private final HttpServer server;
    private final boolean locks;
    private final ReentrantLock lock = new ReentrantLock();
    private final Random random;
    private final Map<String, byte[]> bodies = new ConcurrentHashMap<>();
    private final Map<String, Sidecar> sidecars = new ConcurrentHashMap<>();

    private record Sidecar(String upload, String etag, int size) {}

    private SidecarServer(HttpServer server, boolean locks, long seed) {
        this.server = server;
        this.locks = locks;
        this.random = new Random(seed);
    }

    static SidecarServer start(boolean locks, long seed) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        SidecarServer server = new SidecarServer(http, locks, seed);
        http.createContext("/", server::serve);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
        return server;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (locks) {
                lock.lock();
            }
            try {
                answer(exchange, body);
            } finally {
                if (locks) {
                    lock.unlock();
                }
            }
        }
    }

    private void answer(HttpExchange exchange, byte[] body) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getQuery();
        boolean ofBucket = path.indexOf('/', 1) < 0;
        boolean plain = query == null
                && !exchange.getRequestHeaders().containsKey("x-amz-copy-source")
                && !exchange.getRequestHeaders().containsKey("x-amz-tagging");
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                if (ofBucket) {
                    send(exchange, 200, new byte[0]);
                } else if (plain) {
                    put(exchange, path, body);
                } else {
                    send(exchange, 501, new byte[0]);
                }
            }
            case "GET", "HEAD" -> {
                if (ofBucket && query != null && query.startsWith("list-type")) {
                    list(exchange, path, query.substring(query.indexOf("prefix=") + 7));
                } else if (plain && !ofBucket) {
                    get(exchange, path);
                } else {
                    send(exchange, 501, new byte[0]);
                }
            }
            case "DELETE" -> {
                bodies.remove(path);
                sidecars.remove(path);
                send(exchange, 204, new byte[0]);
            }
            default -> send(exchange, 501, new byte[0]);
        }
    }

    private void put(HttpExchange exchange, String path, byte[] body) throws IOException {
        Sidecar now = sidecars.get(path);
        String expected = exchange.getRequestHeaders().getFirst("if-match");
        boolean create = exchange.getRequestHeaders().containsKey("if-none-match");
        if ((create && now != null) || (expected != null && (now == null || !expected.equals(now.etag)))) {
            send(exchange, 412, new byte[0]);
            return;
        }
        String upload = exchange.getRequestHeaders().getFirst(UPLOAD);
        Sidecar sidecar = new Sidecar(upload == null ? "" : upload, '"' + md5(body) + '"', body.length);
        bodies.put(path, body);
        LockSupport.parkNanos(1_000L * random.nextInt(GAP_MICROS));
        sidecars.put(path, sidecar);
        exchange.getResponseHeaders().set("ETag", sidecar.etag);
        send(exchange, 200, new byte[0]);
    }

    private void get(HttpExchange exchange, String path) throws IOException {
        byte[] body = bodies.get(path);
        Sidecar sidecar = sidecars.get(path);
        if (body == null || sidecar == null) {
            send(exchange, 404, new byte[0]);
            return;
        }
        exchange.getResponseHeaders().set("ETag", sidecar.etag);
        exchange.getResponseHeaders().set(UPLOAD, sidecar.upload);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            send(exchange, 200, body);
        }
    }

    private void list(HttpExchange exchange, String bucket, String prefix) throws IOException {
        StringBuilder xml = new StringBuilder("<ListBucketResult>");
        String start = bucket + "/" + prefix;
        new TreeMap<>(sidecars).forEach((path, sidecar) -> {
            if (path.startsWith(start)) {
                xml.append("<Contents><Key>")
                        .append(path.substring(bucket.length() + 1))
                        .append("</Key><ETag>");
                xml.append(sidecar.etag.replace("\"", "&quot;")).append("</ETag><Size>");
                xml.append(sidecar.size).append("</Size></Contents>");
            }
        });
        send(exchange, 200, xml.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static String md5(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
