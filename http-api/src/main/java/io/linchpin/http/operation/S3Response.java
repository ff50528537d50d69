package io.linchpin.http.operation;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An answer, apart from any HTTP library. Request id, Server and Date are added to every one where it is sent. */
public final class S3Response {
    /** One header. */
    public record Header(String name, String value) {}

    /** What follows the headers. */
    public sealed interface Body {
        record None() implements Body {}

        /** All at once. */
        record Bytes(String contentType, byte[] bytes) implements Body {}

        /** What a HEAD tells of a body that it does not send. */
        record Announced(String contentType, long lengthBytes) implements Body {}

        /** So many bytes, read as the client takes them. */
        record Stream(String contentType, long lengthBytes, ByteSource source) implements Body {}

        /** A document that takes long: space is sent until it is there, and then no status can tell of a failure. */
        record Awaited(CompletionStage<String> xml) implements Body {}
    }

    /** Bytes read in a blocking way; closed when they have been taken, or are no longer wanted. */
    public interface ByteSource extends Closeable {
        /**
         * The next bytes, for the caller to keep; null after the last. Throws where the rest cannot be had: then the
         * connection breaks.
         */
        @Nullable
        ByteBuffer next() throws IOException;
    }

    private final int status;
    private final List<Header> headers = new ArrayList<>(12);
    private Body body = new Body.None();

    private S3Response(int status) {
        this.status = status;
    }

    public static S3Response of(int status) {
        return new S3Response(status);
    }

    /** 200 with a document. */
    public static S3Response xml(String document) {
        return of(200).body(new Body.Bytes("application/xml", document.getBytes(StandardCharsets.UTF_8)));
    }

    public S3Response header(String name, String value) {
        headers.add(new Header(name, value));
        return this;
    }

    public S3Response body(Body newBody) {
        body = newBody;
        return this;
    }

    public int status() {
        return status;
    }

    public List<Header> headers() {
        return headers;
    }

    public Body body() {
        return body;
    }
}
