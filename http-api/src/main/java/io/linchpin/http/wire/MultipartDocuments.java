package io.linchpin.http.wire;

import static io.linchpin.http.wire.ListingDocuments.encode;

import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ETag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The answers about multipart uploads. */
public final class MultipartDocuments {
    private MultipartDocuments() {}

    /** CreateMultipartUpload. */
    public static String initiate(String bucket, String key, String uploadId) {
        return XmlWriter.s3("InitiateMultipartUploadResult", 384)
                .text("Bucket", bucket)
                .text("Key", key)
                .text("UploadId", uploadId)
                .close("InitiateMultipartUploadResult")
                .done();
    }

    /**
     * CompleteMultipartUpload.
     *
     * @param location the URL of the new object
     */
    public static String complete(String location, String bucket, String key, ETag etag, Optional<Checksum> checksum) {
        XmlWriter xml = XmlWriter.s3("CompleteMultipartUploadResult", 512)
                .text("Location", location)
                .text("Bucket", bucket)
                .text("Key", key)
                .text("ETag", etag.quoted());
        checksum.ifPresent(c -> xml.text(c.algorithm().elementName(), c.base64())
                .text("ChecksumType", c.type().name()));
        return xml.close("CompleteMultipartUploadResult").done();
    }

    /** One part of ListParts. */
    public record Part(int number, Instant lastModified, ETag etag, long sizeBytes, Optional<Checksum> checksum) {}

    /** ListParts. */
    public record ListParts(
            String bucket,
            String key,
            String uploadId,
            Owner owner,
            int partNumberMarker,
            int nextPartNumberMarker,
            int maxParts,
            boolean truncated,
            Optional<ChecksumAlgorithm> checksumAlgorithm,
            Optional<ChecksumType> checksumType,
            boolean encodeUrl,
            List<Part> parts) {
        public String xml() {
            XmlWriter xml = XmlWriter.s3("ListPartsResult", 768 + 200 * parts.size())
                    .text("Bucket", bucket)
                    .text("Key", encode(key, encodeUrl))
                    .text("UploadId", uploadId);
            owner.write(xml, "Initiator");
            owner.write(xml, "Owner");
            xml.text("StorageClass", "STANDARD")
                    .number("PartNumberMarker", partNumberMarker)
                    .number("NextPartNumberMarker", nextPartNumberMarker)
                    .number("MaxParts", maxParts)
                    .bool("IsTruncated", truncated);
            checksumAlgorithm.ifPresent(a -> xml.text("ChecksumAlgorithm", a.name()));
            checksumType.ifPresent(t -> xml.text("ChecksumType", t.name()));
            if (encodeUrl) {
                xml.text("EncodingType", "url");
            }
            for (Part p : parts) {
                xml.open("Part").number("PartNumber", p.number());
                xml.text("LastModified", Iso8601.format(p.lastModified()));
                xml.text("ETag", p.etag().quoted()).number("Size", p.sizeBytes());
                p.checksum().ifPresent(c -> xml.text(c.algorithm().elementName(), c.base64()));
                xml.close("Part");
            }
            return xml.close("ListPartsResult").done();
        }
    }

    /** One upload of ListMultipartUploads. */
    public record Upload(
            String key,
            String uploadId,
            Owner owner,
            Instant initiated,
            Optional<ChecksumAlgorithm> checksumAlgorithm,
            Optional<ChecksumType> checksumType) {}

    /** ListMultipartUploads. */
    public record ListUploads(
            String bucket,
            String prefix,
            Optional<String> delimiter,
            String keyMarker,
            String uploadIdMarker,
            Optional<String> nextKeyMarker,
            Optional<String> nextUploadIdMarker,
            int maxUploads,
            boolean truncated,
            boolean encodeUrl,
            List<Upload> uploads,
            List<String> commonPrefixes) {
        public String xml() {
            XmlWriter xml = XmlWriter.s3("ListMultipartUploadsResult", 512 + 500 * uploads.size())
                    .text("Bucket", bucket)
                    .text("KeyMarker", encode(keyMarker, encodeUrl))
                    .text("UploadIdMarker", uploadIdMarker);
            nextKeyMarker.ifPresent(m -> xml.text("NextKeyMarker", encode(m, encodeUrl)));
            nextUploadIdMarker.ifPresent(m -> xml.text("NextUploadIdMarker", m));
            xml.text("Prefix", encode(prefix, encodeUrl));
            delimiter.ifPresent(d -> xml.text("Delimiter", encode(d, encodeUrl)));
            xml.number("MaxUploads", maxUploads).bool("IsTruncated", truncated);
            if (encodeUrl) {
                xml.text("EncodingType", "url");
            }
            for (Upload u : uploads) {
                xml.open("Upload").text("Key", encode(u.key(), encodeUrl)).text("UploadId", u.uploadId());
                u.owner().write(xml, "Initiator");
                u.owner().write(xml, "Owner");
                xml.text("StorageClass", "STANDARD").text("Initiated", Iso8601.format(u.initiated()));
                u.checksumAlgorithm().ifPresent(a -> xml.text("ChecksumAlgorithm", a.name()));
                u.checksumType().ifPresent(t -> xml.text("ChecksumType", t.name()));
                xml.close("Upload");
            }
            ListingDocuments.commonPrefixes(xml, commonPrefixes, encodeUrl);
            return xml.close("ListMultipartUploadsResult").done();
        }
    }
}
