package io.linchpin.http.wire;

import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The object that {@code x-amz-copy-source} names: {@code [/]bucket/key[?versionId=id]}, percent-encoded, in which a
 * {@code +} is a space, and a space may stand as it is. Bucket and key go through the same checks as those of a URL.
 */
public record CopySource(ObjectId object, Optional<String> versionId) {
    private static final String VERSION = "?versionId=";

    /**
     * The source of a header.
     *
     * @throws S3Exception InvalidArgument, InvalidBucketName or KeyTooLongError where it is none
     */
    public static CopySource parse(String header) {
        int question = header.indexOf('?');
        Optional<String> version = Optional.empty();
        if (question >= 0) {
            if (!header.startsWith(VERSION, question) || header.length() == question + VERSION.length()) {
                throw malformed();
            }
            version = PercentCoding.decode(header.substring(question + VERSION.length()), false);
            if (version.isEmpty()) {
                throw malformed();
            }
        }
        String encoded = question < 0 ? header : header.substring(0, question);
        String path = PercentCoding.decode(encoded.replace(' ', '+'), true).orElseThrow(CopySource::malformed);
        int start = path.startsWith("/") ? 1 : 0;
        int slash = path.indexOf('/', start);
        if (slash < 0) {
            throw malformed();
        }
        BucketName bucket = BucketName.parse(path.substring(start, slash))
                .orElseThrow(() -> new S3Exception(ErrorCode.InvalidBucketName));
        return new CopySource(new ObjectId(bucket, key(path.substring(slash + 1))), version);
    }

    /**
     * The key of a text that came from a client, wherever it stood.
     *
     * @throws S3Exception KeyTooLongError or InvalidArgument where it is none
     */
    public static ObjectKey key(String text) {
        return ObjectKey.parse(text).orElseThrow(() -> {
            if (text.getBytes(StandardCharsets.UTF_8).length > ObjectKey.MAX_BYTES) {
                return S3Failure.of(ErrorCode.KeyTooLongError)
                        .with("MaxSizeAllowed", Integer.toString(ObjectKey.MAX_BYTES))
                        .exception();
            }
            return new S3Exception(ErrorCode.InvalidArgument, "The object key is not valid.");
        });
    }

    private static S3Exception malformed() {
        return S3Failure.of(
                        ErrorCode.InvalidArgument,
                        "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
                .with("ArgumentName", "x-amz-copy-source")
                .exception();
    }
}
