package io.linchpin.http.wire;

/** Who owns a bucket, object or upload, as documents show it. */
public record Owner(String id, String displayName) {
    void write(XmlWriter xml, String element) {
        members(xml.open(element)).close(element);
    }

    /** As the one to whom an access control list grants something. */
    void writeGrantee(XmlWriter xml) {
        members(xml.openOfType("Grantee", "CanonicalUser")).close("Grantee");
    }

    private XmlWriter members(XmlWriter xml) {
        return xml.text("ID", id).text("DisplayName", displayName);
    }
}
