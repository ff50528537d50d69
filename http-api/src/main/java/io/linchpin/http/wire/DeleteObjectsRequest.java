package io.linchpin.http.wire;

import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The body of DeleteObjects: 1 to {@value #MAX_OBJECTS} objects.
 *
 * @param quiet whether only errors are reported
 */
public record DeleteObjectsRequest(boolean quiet, List<Target> targets) {
    public static final int MAX_OBJECTS = 1000;
    public static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

    private static final int MAX_ELEMENTS = 2 + MAX_OBJECTS * 6;

    /**
     * One object to be deleted, on the conditions given.
     *
     * @param key as the client wrote it, for the answer
     * @param parsed nothing where that is no key: such an object gets an error of its own, the others do not suffer
     * @param ifMatch the entity tag it must have; {@code *} is any existing object
     */
    public record Target(
            String key,
            Optional<ObjectKey> parsed,
            Optional<String> versionId,
            Optional<ETag> ifMatch,
            Optional<Instant> ifLastModified,
            Optional<Long> ifSizeBytes) {}

    public DeleteObjectsRequest {
        targets = List.copyOf(targets);
    }

    /**
     * Reads the body.
     *
     * @throws S3Exception MalformedXML or MaxMessageLengthExceeded
     */
    public static DeleteObjectsRequest parse(byte[] body) {
        XmlElement root = XmlReader.read(body, "Delete", MAX_BODY_BYTES, MAX_ELEMENTS);
        List<Target> targets = new ArrayList<>();
        boolean quiet = root.value("Quiet").map(DeleteObjectsRequest::bool).orElse(false);
        for (XmlElement child : root.children()) {
            if (child.name().equals("Object")) {
                targets.add(target(child));
            } else if (!child.name().equals("Quiet")) {
                throw XmlReader.malformed();
            }
        }
        if (targets.isEmpty() || targets.size() > MAX_OBJECTS) {
            throw XmlReader.malformed();
        }
        return new DeleteObjectsRequest(quiet, targets);
    }

    private static Target target(XmlElement element) {
        String key = element.required("Key");
        if (key.isEmpty()) {
            throw XmlReader.malformed();
        }
        return new Target(
                key,
                ObjectKey.parse(key),
                element.value("VersionId").filter(v -> !v.isEmpty()),
                element.value("ETag").map(ETag::unquote),
                element.value("LastModifiedTime").map(t -> HttpDate.parse(t).orElseThrow(XmlReader::malformed)),
                element.value("Size").map(DeleteObjectsRequest::size));
    }

    private static Long size(String text) {
        long size = Numbers.nonNegative(text);
        if (size < 0) {
            throw XmlReader.malformed();
        }
        return size;
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw XmlReader.malformed();
        };
    }
}
