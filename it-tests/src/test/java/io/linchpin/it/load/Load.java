package io.linchpin.it.load;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.core.CoreDsl.asLongAsDuring;
import static io.gatling.javaapi.core.CoreDsl.bodyBytes;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the simulations share. Settings: {@code linchpin.endpoint}, account by LINCHPIN_ACCESS_KEY and LINCHPIN_SECRET_KEY or
 * those of AWS, {@code linchpin.load.users} (16), {@code linchpin.load.seconds} (20), {@code linchpin.load.bytes} (4096), and
 * {@code linchpin.load.uploads} (100,000), after which a simulation ends before its time.
 */
final class Load {
    static final int USERS = Integer.getInteger("linchpin.load.users", 16);
    static final int SECONDS = Integer.getInteger("linchpin.load.seconds", 20);
    /** For the turns that are under way when the time is over. */
    static final int GRACE_SECONDS = 60;

    static final int BYTES = Integer.getInteger("linchpin.load.bytes", 4096);
    private static final int UPLOADS = Integer.getInteger("linchpin.load.uploads", 100_000);
    static final String BUCKET = "load-" + ProcessHandle.current().pid();

    private static final AtomicInteger BEGUN = new AtomicInteger();

    private Load() {}

    /** One user's turns, each with an upload of its own, until the time is over or enough has been uploaded. */
    static ChainBuilder turns(ChainBuilder turn) {
        return asLongAsDuring(session -> BEGUN.getAndIncrement() < UPLOADS, Duration.ofSeconds(SECONDS))
                .on(exec(Load::nextUpload).exec(turn));
    }

    static HttpProtocolBuilder protocol() {
        return http.baseUrl(Presigner.ENDPOINT.toString()).disableWarmUp().disableFollowRedirect();
    }

    /** A body that tells which upload it is. */
    static byte[] body(long upload, int bytes) {
        byte[] body = new byte[bytes];
        byte[] line = ("upload " + upload + "\n").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < bytes; i++) {
            body[i] = line[i % line.length];
        }
        return body;
    }

    static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Session nextUpload(Session session) {
        return session.set("upload", ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
    }

    static HttpRequestActionBuilder createBucket() {
        return http("create bucket")
                .put(session -> Presigner.url("PUT", "/" + BUCKET))
                .check(status().is(200));
    }

    /** Puts the session's upload; its ETag must be the MD5 of what was sent. */
    static HttpRequestActionBuilder put(String name, String key) {
        return http(name)
                .put(session -> Presigner.url(
                        "PUT",
                        "/" + BUCKET + "/" + session.getString(key),
                        "x-amz-meta-upload",
                        "" + session.getLong("upload")))
                .header("x-amz-meta-upload", session -> "" + session.getLong("upload"))
                .body(ByteArrayBody(session -> body(session.getLong("upload"), BYTES)))
                .check(
                        status().is(200),
                        header("ETag").is(session -> "\"" + md5(body(session.getLong("upload"), BYTES)) + "\""));
    }

    /** Gets, whosever upload it is: body, ETag and metadata must be one upload's. */
    static HttpRequestActionBuilder get(String name, String key) {
        return http(name)
                .get(session -> Presigner.url("GET", "/" + BUCKET + "/" + session.getString(key)))
                .check(
                        status().is(200),
                        header("x-amz-meta-upload").saveAs("found"),
                        header("ETag").saveAs("etag"),
                        bodyBytes()
                                .transform(bytes -> "\"" + md5(bytes) + "\"")
                                .is(session -> session.getString("etag")),
                        bodyBytes()
                                .transform(Load::md5)
                                .is(session -> md5(body(Long.parseLong(session.getString("found")), BYTES))));
    }
}
