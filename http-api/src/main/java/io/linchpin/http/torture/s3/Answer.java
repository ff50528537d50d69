package io.linchpin.http.torture.s3;

import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.XmlElement;
import io.linchpin.http.wire.XmlReader;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What came back.
 *
 * @param status of HTTP; {@link #NONE} where the connection broke, or nothing came in time
 * @param failure why nothing came; empty otherwise
 */
public record Answer(int status, HttpHeaders headers, byte[] body, String failure) {
    public static final int NONE = 0;

    private static final int MOST_DOCUMENT_BYTES = 1 << 20;
    private static final int MOST_ELEMENTS = 20_000;

    static Answer none(String failure) {
        return new Answer(NONE, HttpHeaders.of(Map.of(), (name, value) -> true), new byte[0], failure);
    }

    public boolean isSuccess() {
        return status / 100 == 2;
    }

    /** Empty where there is none. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** Without its quotes. */
    public String etag() {
        return bare(header("etag"));
    }

    /** The document, where it is one with that root. Some servers send space before it while they work. */
    public Optional<XmlElement> document(String root) {
        try {
            byte[] text = new String(body, StandardCharsets.UTF_8).strip().getBytes(StandardCharsets.UTF_8);
            return Optional.of(XmlReader.read(text, root, MOST_DOCUMENT_BYTES, MOST_ELEMENTS));
        } catch (S3Exception notThat) {
            return Optional.empty();
        }
    }

    /** The ETag in a document with that root; empty where there is none. */
    public String etagIn(String root) {
        return document(root)
                .flatMap(element -> element.value("ETag"))
                .map(Answer::bare)
                .orElse("");
    }

    /** The S3 error code; empty where there is none. */
    public String code() {
        return document("Error").flatMap(error -> error.value("Code")).orElse("");
    }

    /** For people: status and code, or why nothing came. */
    public String words() {
        if (status == NONE) {
            return failure;
        }
        String code = code();
        return code.isEmpty() ? Integer.toString(status) : status + " " + code;
    }

    /** An entity tag without its quotes, and without the mark of a weak one. */
    static String bare(String etag) {
        String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
        return strong.replace("\"", "").strip();
    }
}
