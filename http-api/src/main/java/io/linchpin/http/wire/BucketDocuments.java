package io.linchpin.http.wire;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The answers about buckets. */
public final class BucketDocuments {
    private BucketDocuments() {}

    public record Bucket(String name, Instant created, Optional<String> region) {}

    /**
     * ListBuckets.
     *
     * @param continuationToken where the next page begins; nothing on the last
     */
    public record ListBuckets(
            Owner owner, List<Bucket> buckets, Optional<String> prefix, Optional<String> continuationToken) {
        public String xml() {
            XmlWriter xml = XmlWriter.s3("ListAllMyBucketsResult", 256 + 128 * buckets.size());
            owner.write(xml, "Owner");
            xml.open("Buckets");
            for (Bucket b : buckets) {
                xml.open("Bucket").text("Name", b.name()).text("CreationDate", Iso8601.format(b.created()));
                b.region().ifPresent(r -> xml.text("BucketRegion", r));
                xml.close("Bucket");
            }
            xml.close("Buckets");
            prefix.ifPresent(p -> xml.text("Prefix", p));
            continuationToken.ifPresent(t -> xml.text("ContinuationToken", t));
            return xml.close("ListAllMyBucketsResult").done();
        }
    }

    /** GetBucketVersioning of a bucket whose versioning was never enabled: it has no status. */
    public static String versioningNeverEnabled() {
        return XmlWriter.s3Text("VersioningConfiguration", "");
    }

    /** GetBucketLocation: {@code us-east-1} is written as the empty constraint, as S3 has it. */
    public static String location(String region) {
        return XmlWriter.s3Text("LocationConstraint", region.equals("us-east-1") ? "" : region);
    }
}
