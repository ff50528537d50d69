package io.linchpin.http.wire;

import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ETag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer to GetObjectAttributes: what was asked for, and is there. Two texts differ from all other answers of S3: the
 * ETag has no quotation marks, and a composite checksum does not end in the number of parts.
 */
public record ObjectAttributesDocument(
        Optional<ETag> etag,
        Optional<Sums> checksum,
        Optional<Parts> parts,
        Optional<String> storageClass,
        OptionalLong sizeBytes) {
    /**
     * The checksums of the object.
     *
     * @param base64 as they are kept: a composite one ends in {@code -<parts>}
     */
    public record Sums(Map<ChecksumAlgorithm, String> base64, Optional<String> type) {}

    /**
     * The parts that an object was uploaded in.
     *
     * @param page none where they are not listed
     */
    public record Parts(int total, Optional<Page> page) {}

    /** Some parts, in order: those after the marker. */
    public record Page(int marker, int max, boolean truncated, List<Part> parts) {}

    public record Part(int number, long sizeBytes, Map<ChecksumAlgorithm, String> checksums) {}

    private static final String ROOT = "GetObjectAttributesResponse";

    public String xml() {
        int listed = parts.flatMap(Parts::page).map(p -> p.parts().size()).orElse(0);
        XmlWriter xml = XmlWriter.s3(ROOT, 512 + 160 * listed);
        etag.ifPresent(e -> xml.text("ETag", e.value()));
        checksum.ifPresent(sums -> {
            xml.open("Checksum");
            sums.base64().forEach((algorithm, text) -> xml.text(algorithm.elementName(), withoutPartCount(text)));
            sums.type().ifPresent(t -> xml.text("ChecksumType", t));
            xml.close("Checksum");
        });
        parts.ifPresent(p -> parts(xml, p));
        storageClass.ifPresent(c -> xml.text("StorageClass", c));
        sizeBytes.ifPresent(n -> xml.number("ObjectSize", n));
        return xml.close(ROOT).done();
    }

    private static void parts(XmlWriter xml, Parts parts) {
        xml.open("ObjectParts").number("PartsCount", parts.total());
        parts.page().ifPresent(page -> {
            xml.number("PartNumberMarker", page.marker())
                    .number(
                            "NextPartNumberMarker",
                            page.parts().isEmpty() ? 0 : page.parts().getLast().number())
                    .number("MaxParts", page.max())
                    .bool("IsTruncated", page.truncated());
            for (Part part : page.parts()) {
                xml.open("Part").number("PartNumber", part.number()).number("Size", part.sizeBytes());
                part.checksums().forEach((algorithm, text) -> xml.text(algorithm.elementName(), text));
                xml.close("Part");
            }
        });
        xml.close("ObjectParts");
    }

    private static String withoutPartCount(String base64) {
        int dash = base64.indexOf('-');
        return dash < 0 ? base64 : base64.substring(0, dash);
    }
}
