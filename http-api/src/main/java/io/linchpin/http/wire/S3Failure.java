package io.linchpin.http.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A refused or failed request, as the client is told.
 *
 * @param message what happened, for a person; never a secret
 * @param resource the bucket or object concerned, {@code /bucket/key}; empty where the request's own path will do
 * @param extras further elements of the error document, in order: {@code ServerTime}, {@code ActualObjectSize}
 */
public record S3Failure(ErrorCode code, String message, String resource, List<Map.Entry<String, String>> extras) {
    public S3Failure {
        extras = List.copyOf(extras);
    }

    public static S3Failure of(ErrorCode code) {
        return new S3Failure(code, code.message(), "", List.of());
    }

    public static S3Failure of(ErrorCode code, String message) {
        return new S3Failure(code, message, "", List.of());
    }

    public S3Failure at(String newResource) {
        return new S3Failure(code, message, newResource, extras);
    }

    /** The same with one more element. */
    public S3Failure with(String element, String value) {
        List<Map.Entry<String, String>> all = new ArrayList<>(extras);
        all.add(Map.entry(element, value));
        return new S3Failure(code, message, resource, all);
    }

    /** The value of a further element, where there is such a one. */
    public Optional<String> element(String name) {
        return extras.stream()
                .filter(e -> e.getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    public S3Exception exception() {
        return new S3Exception(this);
    }

    /**
     * The error document, which unlike all others has no namespace.
     *
     * @param requestPath stands in as the resource where the failure names none
     */
    public String xml(String requestPath, String requestId, String hostId) {
        XmlWriter xml = XmlWriter.document(512).open("Error");
        xml.text("Code", code.name()).text("Message", message);
        for (Map.Entry<String, String> e : extras) {
            xml.text(e.getKey(), e.getValue());
        }
        xml.text("Resource", resource.isEmpty() ? requestPath : resource);
        return xml.text("RequestId", requestId)
                .text("HostId", hostId)
                .close("Error")
                .done();
    }
}
