package io.linchpin.http.operation;

import io.linchpin.http.wire.ListingDocuments;
import io.linchpin.http.wire.ListingDocuments.Entry;
import io.linchpin.http.wire.Owner;
import io.linchpin.store.listing.Bound;
import io.linchpin.store.listing.Listed;
import io.linchpin.store.listing.ObjectListing;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** ListObjects and ListObjectsV2. */
public final class ListObjects implements Operation {
    private static final int MAX_KEYS = 1000;

    private final Store store;
    private final boolean second;

    private ListObjects(Store store, boolean second) {
        this.store = store;
        this.second = second;
    }

    public static Operation v1(Store store) {
        return new ListObjects(store, false);
    }

    public static Operation v2(Store store) {
        return new ListObjects(store, true);
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        BucketName bucket = exchange.bucket();
        store.bucket(bucket);
        String prefix = exchange.parameter("prefix").orElse("");
        Optional<String> delimiter = exchange.parameter("delimiter").filter(d -> !d.isEmpty());
        int max = Paging.limit(exchange, "max-keys", 0, MAX_KEYS);
        boolean url = Paging.encodesUrl(exchange);
        Bound after = after(exchange, prefix, delimiter.orElse(""));
        ObjectListing.Page page =
                store.listing().list(bucket, new ObjectListing.Query(prefix, delimiter.orElse(""), after, max));
        boolean withOwner = !second
                || exchange.parameter("fetch-owner").filter("true"::equals).isPresent();
        Lines lines = lines(page, withOwner ? Optional.of(store.settings().owner()) : Optional.empty());
        String xml = second
                ? v2(exchange, bucket, prefix, delimiter, max, url, page, lines)
                : v1(exchange, bucket, prefix, delimiter, max, url, page, lines);
        return CompletableFuture.completedFuture(S3Response.xml(xml));
    }

    private Bound after(Exchange exchange, String prefix, String delimiter) {
        if (!second) {
            return exchange.parameter("marker")
                    .filter(m -> !m.isEmpty())
                    .map(m -> Bound.marker(m, prefix, delimiter))
                    .orElse(Bound.START);
        }
        Optional<String> token = exchange.parameter("continuation-token");
        if (token.isPresent()) {
            return Paging.openBound(token.get());
        }
        return exchange.parameter("start-after")
                .filter(s -> !s.isEmpty())
                .map(Bound::after)
                .orElse(Bound.START);
    }

    private record Lines(List<Entry> entries, List<String> prefixes) {}

    private static Lines lines(ObjectListing.Page page, Optional<Owner> owner) {
        Lines lines = new Lines(new ArrayList<>(page.items().size()), new ArrayList<>());
        for (Listed item : page.items()) {
            switch (item) {
                case Listed.CommonPrefix(String p) -> lines.prefixes.add(p);
                case Listed.Entry e ->
                    lines.entries.add(new Entry(
                            e.key().value(),
                            e.lastModified(),
                            e.etag(),
                            e.size(),
                            owner,
                            e.checksumAlgorithms().stream()
                                    .flatMap(a -> ChecksumAlgorithm.parse(a).stream())
                                    .findFirst(),
                            Optional.ofNullable(e.checksumType()).flatMap(ChecksumType::parse)));
            }
        }
        return lines;
    }

    private static String v1(
            Exchange exchange,
            BucketName bucket,
            String prefix,
            Optional<String> delimiter,
            int max,
            boolean url,
            ObjectListing.Page page,
            Lines lines) {
        Bound next = page.next();
        return new ListingDocuments.V1(
                        bucket.value(),
                        prefix,
                        delimiter,
                        exchange.parameter("marker").orElse(""),
                        next != null && delimiter.isPresent() ? Optional.of(next.text()) : Optional.empty(),
                        max,
                        page.isTruncated(),
                        url,
                        lines.entries,
                        lines.prefixes)
                .xml();
    }

    private static String v2(
            Exchange exchange,
            BucketName bucket,
            String prefix,
            Optional<String> delimiter,
            int max,
            boolean url,
            ObjectListing.Page page,
            Lines lines) {
        Bound next = page.next();
        return new ListingDocuments.V2(
                        bucket.value(),
                        prefix,
                        delimiter,
                        exchange.parameter("start-after").filter(s -> !s.isEmpty()),
                        exchange.parameter("continuation-token"),
                        next == null ? Optional.empty() : Optional.of(Paging.token(next)),
                        max,
                        url,
                        lines.entries,
                        lines.prefixes)
                .xml();
    }
}
