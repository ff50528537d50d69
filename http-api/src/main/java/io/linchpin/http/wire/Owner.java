package io.linchpin.http.wire;

/** Who owns a bucket, object or upload, as documents show it. */
public record Owner(String id, String displayName) {
    void write(XmlWriter xml, String element) {
        xml.open(element).text("ID", id).text("DisplayName", displayName).close(element);
    }
}
