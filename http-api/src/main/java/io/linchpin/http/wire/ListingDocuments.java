package io.linchpin.http.wire;

import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ETag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The listings of a bucket's objects. With {@code encodeUrl} (the request's {@code encoding-type=url}) keys, prefixes,
 * delimiter and markers are percent-encoded; continuation tokens never are.
 */
public final class ListingDocuments {
    private ListingDocuments() {}

    /** One object of a listing. */
    public record Entry(
            String key,
            Instant lastModified,
            ETag etag,
            long sizeBytes,
            Optional<Owner> owner,
            Optional<ChecksumAlgorithm> checksumAlgorithm,
            Optional<ChecksumType> checksumType) {}

    /**
     * ListObjects, version 1.
     *
     * @param nextMarker where the next page begins; S3 names it only where a delimiter was asked for
     */
    public record V1(
            String bucket,
            String prefix,
            Optional<String> delimiter,
            String marker,
            Optional<String> nextMarker,
            int maxKeys,
            boolean truncated,
            boolean encodeUrl,
            List<Entry> entries,
            List<String> commonPrefixes) {
        public String xml() {
            XmlWriter xml = start(bucket, entries.size() + commonPrefixes.size());
            xml.text("Prefix", encode(prefix, encodeUrl)).text("Marker", encode(marker, encodeUrl));
            nextMarker.ifPresent(m -> xml.text("NextMarker", encode(m, encodeUrl)));
            xml.number("MaxKeys", maxKeys);
            delimiter.ifPresent(d -> xml.text("Delimiter", encode(d, encodeUrl)));
            xml.bool("IsTruncated", truncated);
            return end(xml, encodeUrl, entries, commonPrefixes);
        }
    }

    /** ListObjects, version 2. */
    public record V2(
            String bucket,
            String prefix,
            Optional<String> delimiter,
            Optional<String> startAfter,
            Optional<String> continuationToken,
            Optional<String> nextContinuationToken,
            int maxKeys,
            boolean encodeUrl,
            List<Entry> entries,
            List<String> commonPrefixes) {
        public String xml() {
            XmlWriter xml = start(bucket, entries.size() + commonPrefixes.size());
            xml.text("Prefix", encode(prefix, encodeUrl));
            startAfter.ifPresent(s -> xml.text("StartAfter", encode(s, encodeUrl)));
            continuationToken.ifPresent(t -> xml.text("ContinuationToken", t));
            nextContinuationToken.ifPresent(t -> xml.text("NextContinuationToken", t));
            xml.number("KeyCount", (long) entries.size() + commonPrefixes.size());
            xml.number("MaxKeys", maxKeys);
            delimiter.ifPresent(d -> xml.text("Delimiter", encode(d, encodeUrl)));
            xml.bool("IsTruncated", nextContinuationToken.isPresent());
            return end(xml, encodeUrl, entries, commonPrefixes);
        }
    }

    private static XmlWriter start(String bucket, int rows) {
        return XmlWriter.s3("ListBucketResult", 512 + 300 * rows).text("Name", bucket);
    }

    private static String end(XmlWriter xml, boolean encodeUrl, List<Entry> entries, List<String> commonPrefixes) {
        if (encodeUrl) {
            xml.text("EncodingType", "url");
        }
        for (Entry e : entries) {
            xml.open("Contents").text("Key", encode(e.key(), encodeUrl));
            xml.text("LastModified", Iso8601.format(e.lastModified()));
            xml.text("ETag", e.etag().quoted());
            e.checksumAlgorithm().ifPresent(a -> xml.text("ChecksumAlgorithm", a.name()));
            e.checksumType().ifPresent(t -> xml.text("ChecksumType", t.name()));
            xml.number("Size", e.sizeBytes());
            e.owner().ifPresent(o -> o.write(xml, "Owner"));
            xml.text("StorageClass", "STANDARD").close("Contents");
        }
        commonPrefixes(xml, commonPrefixes, encodeUrl);
        return xml.close("ListBucketResult").done();
    }

    static void commonPrefixes(XmlWriter xml, List<String> prefixes, boolean encodeUrl) {
        for (String p : prefixes) {
            xml.open("CommonPrefixes").text("Prefix", encode(p, encodeUrl)).close("CommonPrefixes");
        }
    }

    static String encode(String text, boolean encodeUrl) {
        return encodeUrl ? PercentCoding.encodeListing(text) : text;
    }
}
