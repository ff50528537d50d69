package io.linchpin.http.wire;

import java.util.List;
import java.util.Optional;

/**
 * The body of CreateBucket.
 *
 * @param locationConstraint the region asked for; nothing where the body is empty or names none
 */
public record CreateBucketRequest(Optional<String> locationConstraint) {
    public static final int MAX_BODY_BYTES = 64 * 1024;

    /** What S3 has besides: tags, and buckets of other kinds and places. */
    private static final List<String> NOT_BUILT = List.of("Tags", "Location", "Bucket");

    /**
     * Reads the body, which may be empty.
     *
     * @throws S3Exception MalformedXML, MaxMessageLengthExceeded or NotImplemented
     */
    public static CreateBucketRequest parse(byte[] body) {
        if (body.length == 0) {
            return new CreateBucketRequest(Optional.empty());
        }
        XmlElement root = XmlReader.read(body, "CreateBucketConfiguration", MAX_BODY_BYTES, 200);
        for (String name : NOT_BUILT) {
            if (!root.all(name).isEmpty()) {
                throw new S3Exception(
                        ErrorCode.NotImplemented, "Buckets with the element " + name + " are not implemented.");
            }
        }
        return new CreateBucketRequest(root.value("LocationConstraint").filter(v -> !v.isEmpty()));
    }
}
