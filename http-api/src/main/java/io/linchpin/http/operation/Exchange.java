package io.linchpin.http.operation;

import io.linchpin.http.sigv4.PayloadMode;
import io.linchpin.http.wire.CopySource;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import java.io.Closeable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One authenticated request on its way through its operation. */
public final class Exchange {
    /** Keeps what a request holds open until the connection ends, unless released before. */
    public interface Holds {
        void hold(Closeable resource);

        void release(Closeable resource);
    }

    private final RequestView view;
    private final String requestId;
    private final PayloadMode payload;
    private final RequestBody body;
    private final Holds holds;

    /** @param payload what the head says of the body */
    public Exchange(RequestView view, String requestId, PayloadMode payload, RequestBody body, Holds holds) {
        this.view = view;
        this.requestId = requestId;
        this.payload = payload;
        this.body = body;
        this.holds = holds;
    }

    public String requestId() {
        return requestId;
    }

    public PayloadMode payload() {
        return payload;
    }

    public RequestTarget target() {
        return view.target();
    }

    public Headers headers() {
        return view.headers();
    }

    public RequestBody body() {
        return body;
    }

    public Holds holds() {
        return holds;
    }

    /** The value of a header by its lower-case name, where it is there and not empty. */
    public Optional<String> header(String name) {
        return headers().first(name).filter(v -> !v.isEmpty());
    }

    public Optional<String> parameter(String name) {
        return target().parameter(name);
    }

    /**
     * The bucket that the path names.
     *
     * @throws S3Exception InvalidBucketName
     */
    public BucketName bucket() {
        String text = bucketText(target().path());
        return BucketName.parse(text)
                .orElseThrow(() -> S3Failure.of(ErrorCode.InvalidBucketName)
                        .with("BucketName", text)
                        .exception());
    }

    /**
     * The object that the path names.
     *
     * @throws S3Exception InvalidBucketName, KeyTooLongError or InvalidArgument
     */
    public ObjectId object() {
        BucketName bucket = bucket();
        String keyText = keyText(target().path());
        ObjectKey key = CopySource.key(keyText == null ? "" : keyText);
        return new ObjectId(bucket, key);
    }

    /** The first segment of a path; empty where the path is the root. */
    public static String bucketText(String path) {
        int slash = path.indexOf('/', 1);
        return path.substring(1, slash < 0 ? path.length() : slash);
    }

    /** What follows the first segment; null where nothing does. */
    public static @Nullable String keyText(String path) {
        int slash = path.indexOf('/', 1);
        return slash < 0 || slash == path.length() - 1 ? null : path.substring(slash + 1);
    }
}
