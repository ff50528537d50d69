package io.linchpin.http.operation;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.HttpDate;
import io.linchpin.http.wire.ObjectAttributesDocument;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.store.read.OpenObject;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.PartNumber;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * GetObjectAttributes: what a HEAD tells, and the parts of an object that was uploaded in parts. As in S3 the parts are
 * listed only where the object's checksum is made of theirs (COMPOSITE); of any other such object it is their number alone.
 */
public final class GetObjectAttributes implements Operation {
    private static final String HEADER = "x-amz-object-attributes";
    private static final int MAX_PARTS = 1000;

    /** What can be asked for; each name as it stands in the header. */
    private enum Attribute {
        ETag,
        Checksum,
        ObjectParts,
        StorageClass,
        ObjectSize
    }

    private final Store store;

    public GetObjectAttributes(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        Set<Attribute> asked = asked(exchange);
        int marker = exchange.header("x-amz-part-number-marker").isEmpty()
                ? 0
                : limit(exchange, "x-amz-part-number-marker", PartNumber.MAX);
        int max = Math.max(1, limit(exchange, "x-amz-max-parts", MAX_PARTS));
        try (OpenObject open = GetObject.open(store, exchange.object())) {
            return CompletableFuture.completedFuture(answer(exchange, open, asked, marker, max));
        }
    }

    private static int limit(Exchange exchange, String header, int most) {
        return Paging.limit(header, exchange.header(header), 0, most);
    }

    private static Set<Attribute> asked(Exchange exchange) {
        Set<Attribute> asked = EnumSet.noneOf(Attribute.class);
        for (String name : String.join(",", exchange.headers().all(HEADER)).split(",", -1)) {
            if (!name.isBlank()) {
                asked.add(attribute(name.strip()));
            }
        }
        if (asked.isEmpty()) {
            throw new S3Exception(
                    ErrorCode.InvalidRequest,
                    "The x-amz-object-attributes header, which names the attributes to give, is missing or empty.");
        }
        return asked;
    }

    private static Attribute attribute(String name) {
        for (Attribute attribute : Attribute.values()) {
            if (attribute.name().equals(name)) {
                return attribute;
            }
        }
        throw Paging.argument(HEADER, name, "Invalid attribute name specified.");
    }

    private S3Response answer(Exchange exchange, OpenObject open, Set<Attribute> asked, int marker, int max) {
        Sidecar metadata = open.metadata();
        String lastModified = HttpDate.format(open.lastModified());
        Instant now = store.clock().instant();
        switch (ReadConditions.ofRead(exchange).judge(metadata.etag(), open.lastModified(), now)) {
            case ReadConditions.Verdict.Failed(String condition) -> throw Failures.preconditionFailed(condition);
            case ReadConditions.Verdict.NotModified n -> {
                return S3Response.of(304)
                        .header("ETag", metadata.etag().quoted())
                        .header("Last-Modified", lastModified);
            }
            case ReadConditions.Verdict.Proceed p -> {
                // What follows.
            }
        }
        String xml = new ObjectAttributesDocument(
                        asked.contains(Attribute.ETag) ? Optional.of(metadata.etag()) : Optional.empty(),
                        asked.contains(Attribute.Checksum) ? checksum(metadata) : Optional.empty(),
                        asked.contains(Attribute.ObjectParts) ? parts(metadata, marker, max) : Optional.empty(),
                        asked.contains(Attribute.StorageClass) ? Optional.of("STANDARD") : Optional.empty(),
                        asked.contains(Attribute.ObjectSize) ? OptionalLong.of(open.size()) : OptionalLong.empty())
                .xml();
        return S3Response.xml(xml).header("Last-Modified", lastModified);
    }

    /** Nothing for an object without, as a file made by hand is. */
    private static Optional<ObjectAttributesDocument.Sums> checksum(Sidecar metadata) {
        Map<ChecksumAlgorithm, String> sums = known(metadata.checksums());
        return sums.isEmpty()
                ? Optional.empty()
                : Optional.of(new ObjectAttributesDocument.Sums(sums, Optional.ofNullable(metadata.checksumType())));
    }

    private static Optional<ObjectAttributesDocument.Parts> parts(Sidecar metadata, int marker, int max) {
        List<Sidecar.Part> all = metadata.parts();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        if (!ChecksumType.COMPOSITE.name().equals(metadata.checksumType())) {
            return Optional.of(new ObjectAttributesDocument.Parts(all.size(), Optional.empty()));
        }
        List<Sidecar.Part> after = all.stream().filter(p -> p.number() > marker).toList();
        List<ObjectAttributesDocument.Part> page = after.stream()
                .limit(max)
                .map(p -> new ObjectAttributesDocument.Part(p.number(), p.size(), known(p.checksums())))
                .toList();
        return Optional.of(new ObjectAttributesDocument.Parts(
                all.size(),
                Optional.of(new ObjectAttributesDocument.Page(marker, max, after.size() > page.size(), page))));
    }

    private static Map<ChecksumAlgorithm, String> known(Map<String, String> byName) {
        Map<ChecksumAlgorithm, String> known = new EnumMap<>(ChecksumAlgorithm.class);
        byName.forEach(
                (name, base64) -> ChecksumAlgorithm.parse(name).ifPresent(algorithm -> known.put(algorithm, base64)));
        return known;
    }
}
