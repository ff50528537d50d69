package io.linchpin.it.load;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.bodyBytes;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.Arrays;
import java.util.HexFormat;

/** An upload in two parts, of 5 MiB and of few bytes, and the object that it makes. */
final class Multipart {
    private static final int PART_BYTES = 5 << 20;

    private Multipart() {}

    private static String target(Session session) {
        return "/" + Load.BUCKET + "/multipart/" + session.userId();
    }

    private static byte[] part(Session session, int number) {
        return Load.body(session.getLong("upload"), number == 1 ? PART_BYTES : Load.BYTES);
    }

    private static String upload(Session session) {
        return Long.toString(session.getLong("upload"));
    }

    /** MD5 of the parts' MD5s, and how many they are. */
    private static String etag(Session session) {
        String digests = Load.md5(part(session, 1)) + Load.md5(part(session, 2));
        return Load.md5(HexFormat.of().parseHex(digests)) + "-2";
    }

    static ChainBuilder upload() {
        return exec(http("create upload")
                        .post(session -> Presigner.url(
                                "POST", target(session) + "?uploads=", "x-amz-meta-upload", upload(session)))
                        .header("x-amz-meta-upload", Multipart::upload)
                        .check(status().is(200), regex("<UploadId>([^<]+)").saveAs("id")))
                .exec(part(1))
                .exec(part(2))
                .exec(complete())
                .exec(read());
    }

    private static HttpRequestActionBuilder part(int number) {
        return http("part")
                .put(session -> Presigner.url(
                        "PUT", target(session) + "?partNumber=" + number + "&uploadId=" + session.getString("id")))
                .body(ByteArrayBody(session -> part(session, number)))
                .check(status().is(200), header("ETag").is(session -> "\"" + Load.md5(part(session, number)) + "\""));
    }

    private static HttpRequestActionBuilder complete() {
        return http("complete")
                .post(session -> Presigner.url("POST", target(session) + "?uploadId=" + session.getString("id")))
                .body(StringBody(session -> "<CompleteMultipartUpload>" + item(session, 1) + item(session, 2)
                        + "</CompleteMultipartUpload>"))
                .check(
                        status().is(200),
                        bodyString().transform(text -> text.contains("<Code>")).is(false))
                .check(bodyString()
                        .transformWithSession((text, session) -> text.contains(etag(session)))
                        .is(true));
    }

    private static String item(Session session, int number) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>" + Load.md5(part(session, number))
                + "</ETag></Part>";
    }

    /** This user's own key, which nobody else writes: exactly the two parts, under their ETag and metadata. */
    private static HttpRequestActionBuilder read() {
        return http("read whole")
                .get(session -> Presigner.url("GET", target(session)))
                .check(status().is(200), header("x-amz-meta-upload").is(Multipart::upload))
                .check(header("ETag").is(session -> "\"" + etag(session) + "\""))
                .check(bodyBytes().transform(Load::md5).is(session -> {
                    byte[] whole = Arrays.copyOf(part(session, 1), PART_BYTES + Load.BYTES);
                    System.arraycopy(part(session, 2), 0, whole, PART_BYTES, Load.BYTES);
                    return Load.md5(whole);
                }));
    }
}
