package io.linchpin.http.torture.s3;

import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.XmlElement;
import io.linchpin.http.wire.XmlWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The requests that are made of one bucket. */
public final class Bucket {
    private static final String UPLOAD = "x-amz-meta-upload";
    private static final byte[] NO_BODY = {};

    private final Endpoint endpoint;
    private final String name;

    public Bucket(Endpoint endpoint, String name) {
        this.endpoint = endpoint;
        this.name = name;
    }

    public String name() {
        return name;
    }

    public Answer create() throws InterruptedException {
        String region = endpoint.region();
        byte[] body = region.equals("us-east-1")
                ? NO_BODY
                : XmlWriter.s3("CreateBucketConfiguration", 256)
                        .text("LocationConstraint", region)
                        .close("CreateBucketConfiguration")
                        .done()
                        .getBytes(StandardCharsets.UTF_8);
        return endpoint.send("PUT", "/" + name, List.of(), Headers.of(), body);
    }

    public Answer remove() throws InterruptedException {
        return endpoint.send("DELETE", "/" + name, List.of(), Headers.of(), NO_BODY);
    }

    private Answer send(String method, String key, Headers headers, byte[] body, String... query)
            throws InterruptedException {
        List<RequestTarget.Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < query.length; i += 2) {
            parameters.add(new RequestTarget.Parameter(query[i], query[i + 1]));
        }
        return endpoint.send(method, "/" + name + "/" + key, parameters, headers, body);
    }

    /** @param tagged whether the upload is to be named by a tag too */
    private static Headers naming(Content content, Condition condition, boolean tagged) {
        Headers.Builder headers = Headers.builder().add(UPLOAD, content.name());
        if (tagged) {
            headers.add("x-amz-tagging", "upload=" + content.name());
        }
        condition.addTo(headers);
        return headers.build();
    }

    public Answer put(String key, Content content, Condition condition, boolean tagged) throws InterruptedException {
        return send("PUT", key, naming(content, condition, tagged), content.body());
    }

    public Answer delete(String key) throws InterruptedException {
        return send("DELETE", key, Headers.of(), NO_BODY);
    }

    public Answer copy(String from, String to) throws InterruptedException {
        return send("PUT", to, Headers.of("x-amz-copy-source", "/" + name + "/" + from), NO_BODY);
    }

    public Answer get(String key) throws InterruptedException {
        return send("GET", key, Headers.of(), NO_BODY);
    }

    public Answer head(String key) throws InterruptedException {
        return send("HEAD", key, Headers.of(), NO_BODY);
    }

    public Answer tags(String key) throws InterruptedException {
        return send("GET", key, Headers.of(), NO_BODY, "tagging", "");
    }

    /** Up to 1,000 keys that begin so. */
    public Answer list(String prefix) throws InterruptedException {
        return endpoint.send(
                "GET",
                "/" + name,
                List.of(new RequestTarget.Parameter("list-type", "2"), new RequestTarget.Parameter("prefix", prefix)),
                Headers.of(),
                NO_BODY);
    }

    /** Begins an upload in parts; the document of the answer holds its id. */
    public Answer begin(String key, Content content, boolean tagged) throws InterruptedException {
        return send("POST", key, naming(content, Condition.NONE, tagged), NO_BODY, "uploads", "");
    }

    /** The id of an upload that was begun. */
    public static Optional<String> uploadId(Answer begun) {
        return begun.document("InitiateMultipartUploadResult").flatMap(d -> d.value("UploadId"));
    }

    /** Sends the one part that an upload here has. */
    public Answer part(String key, String uploadId, Content content) throws InterruptedException {
        return send("PUT", key, Headers.of(), content.body(), "partNumber", "1", "uploadId", uploadId);
    }

    public Answer complete(String key, String uploadId, String partEtag, Condition condition)
            throws InterruptedException {
        String body = XmlWriter.s3("CompleteMultipartUpload", 256)
                .open("Part")
                .text("PartNumber", "1")
                .text("ETag", '"' + partEtag + '"')
                .close("Part")
                .close("CompleteMultipartUpload")
                .done();
        Headers.Builder headers = Headers.builder();
        condition.addTo(headers);
        return send("POST", key, headers.build(), body.getBytes(StandardCharsets.UTF_8), "uploadId", uploadId);
    }

    public Answer abort(String key, String uploadId) throws InterruptedException {
        return send("DELETE", key, Headers.of(), NO_BODY, "uploadId", uploadId);
    }

    /** Key and id of each upload in progress, in turn; up to 1,000. */
    public List<String> uploadsInProgress() throws InterruptedException {
        Answer answer = endpoint.send(
                "GET", "/" + name, List.of(new RequestTarget.Parameter("uploads", "")), Headers.of(), NO_BODY);
        List<String> found = new ArrayList<>();
        answer.document("ListMultipartUploadsResult")
                .map(document -> document.all("Upload"))
                .orElse(List.of())
                .forEach(upload -> {
                    found.add(upload.value("Key").orElse(""));
                    found.add(upload.value("UploadId").orElse(""));
                });
        return found;
    }

    /** What an answer to GET shows. */
    public static Seen inGet(int key, Answer answer) {
        Content.Parts parts = Content.partsOf(key, answer.body());
        return new Seen(
                true, metadata(key, answer), parts.number(), answer.etag(), answer.body().length, parts.words());
    }

    /** What an answer to HEAD shows. */
    public static Seen inHead(int key, Answer answer) {
        long size = answer.headers().firstValueAsLong("content-length").orElse(Seen.NOT_SHOWN);
        return new Seen(true, metadata(key, answer), Seen.NOT_SHOWN, answer.etag(), size, "");
    }

    private static int metadata(int key, Answer answer) {
        return answer.headers()
                .firstValue(UPLOAD)
                .map(value -> Content.uploadOf(key, value))
                .orElse(Content.FOREIGN);
    }

    /** What a listing shows of one key; nothing where it is no listing. */
    public static Optional<Seen> inList(String key, Answer answer) {
        return answer.document("ListBucketResult")
                .map(document -> document.all("Contents").stream()
                        .filter(entry -> entry.value("Key").orElse("").equals(key))
                        .findFirst()
                        .map(Bucket::entry)
                        .orElse(Seen.NOTHING));
    }

    private static Seen entry(XmlElement entry) {
        String size = entry.value("Size").orElse("");
        return new Seen(
                true,
                Seen.NOT_SHOWN,
                Seen.NOT_SHOWN,
                entry.value("ETag").map(Answer::bare).orElse(""),
                size.matches("\\d{1,18}") ? Long.parseLong(size) : Seen.NOT_SHOWN,
                "");
    }

    /** What an object's tags show; nothing where that is no set of tags. */
    public static Optional<Seen> inTags(int key, Answer answer) {
        return answer.document("Tagging")
                .flatMap(document -> document.one("TagSet"))
                .map(set -> {
                    int upload = set.all("Tag").stream()
                            .filter(tag -> tag.value("Key").orElse("").equals("upload"))
                            .findFirst()
                            .flatMap(tag -> tag.value("Value"))
                            .map(value -> Content.uploadOf(key, value))
                            .orElse(Content.FOREIGN);
                    return new Seen(true, upload, Seen.NOT_SHOWN, "", Seen.NOT_SHOWN, "");
                });
    }

    /** Up to 1,000 keys of a listing. */
    public static List<String> keys(Answer listing) {
        return listing.document("ListBucketResult").map(document -> document.all("Contents")).orElse(List.of()).stream()
                .flatMap(entry -> entry.value("Key").stream())
                .toList();
    }
}
