package io.linchpin.http.wire;

import java.util.Optional;

/**
 * The body of CreateBucket.
 *
 * @param locationConstraint the region asked for; nothing where the body is empty or names none
 */
public record CreateBucketRequest(Optional<String> locationConstraint) {
    public static final int MAX_BODY_BYTES = 64 * 1024;

    /**
     * Reads the body, which may be empty.
     *
     * @throws S3Exception MalformedXML or MaxMessageLengthExceeded
     */
    public static CreateBucketRequest parse(byte[] body) {
        if (body.length == 0) {
            return new CreateBucketRequest(Optional.empty());
        }
        XmlElement root = XmlReader.read(body, "CreateBucketConfiguration", MAX_BODY_BYTES, 200);
        return new CreateBucketRequest(root.value("LocationConstraint").filter(v -> !v.isEmpty()));
    }
}
