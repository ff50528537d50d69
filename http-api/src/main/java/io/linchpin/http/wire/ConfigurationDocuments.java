package io.linchpin.http.wire;

/** How a bucket or an object is for which nobody has set anything. */
public final class ConfigurationDocuments {
    private ConfigurationDocuments() {}

    /** A configuration in which nothing is set. */
    public static String empty(String root) {
        return XmlWriter.s3Text(root, "");
    }

    /** An access control list by which the owner may do everything, and nobody else anything. */
    public static String accessOfOwnerAlone(Owner owner) {
        XmlWriter xml = XmlWriter.s3("AccessControlPolicy", 768);
        owner.write(xml, "Owner");
        xml.open("AccessControlList").open("Grant");
        owner.writeGrantee(xml);
        return xml.text("Permission", "FULL_CONTROL")
                .close("Grant")
                .close("AccessControlList")
                .close("AccessControlPolicy")
                .done();
    }

    /** Who pays for requests. */
    public static String ownerPays() {
        return XmlWriter.s3("RequestPaymentConfiguration", 192)
                .text("Payer", "BucketOwner")
                .close("RequestPaymentConfiguration")
                .done();
    }

    /** The tags of an object that has none. */
    public static String noTags() {
        return XmlWriter.s3("Tagging", 160)
                .open("TagSet")
                .close("TagSet")
                .close("Tagging")
                .done();
    }
}
