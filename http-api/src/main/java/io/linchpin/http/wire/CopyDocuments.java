package io.linchpin.http.wire;

import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ETag;
import java.time.Instant;
import java.util.Optional;

/** The answers to CopyObject and UploadPartCopy. */
public final class CopyDocuments {
    private CopyDocuments() {}

    public static String copyObject(ETag etag, Instant lastModified, Optional<Checksum> checksum) {
        return copy("CopyObjectResult", etag, lastModified, checksum, true);
    }

    public static String copyPart(ETag etag, Instant lastModified, Optional<Checksum> checksum) {
        return copy("CopyPartResult", etag, lastModified, checksum, false);
    }

    private static String copy(
            String root, ETag etag, Instant lastModified, Optional<Checksum> checksum, boolean withType) {
        XmlWriter xml = XmlWriter.s3(root, 384);
        xml.text("LastModified", Iso8601.format(lastModified)).text("ETag", etag.quoted());
        checksum.ifPresent(c -> {
            if (withType) {
                xml.text("ChecksumType", c.type().name());
            }
            xml.text(c.algorithm().elementName(), c.base64());
        });
        return xml.close(root).done();
    }
}
