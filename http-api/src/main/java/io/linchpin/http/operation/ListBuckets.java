package io.linchpin.http.operation;

import io.linchpin.http.wire.BucketDocuments;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.value.BucketName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** ListBuckets, by name, in pages where they are asked for. */
public final class ListBuckets implements Operation {
    private static final int MAX_BUCKETS = 10_000;

    private final Store store;

    public ListBuckets(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        String prefix = exchange.parameter("prefix").orElse("");
        String after = Paging.openToken(exchange.parameter("continuation-token"));
        int max = Paging.within(exchange, "max-buckets", 1, MAX_BUCKETS);
        Optional<String> region = exchange.parameter("bucket-region").filter(r -> !r.isEmpty());
        List<BucketDocuments.Bucket> page = new ArrayList<>();
        Optional<String> next = Optional.empty();
        boolean none =
                region.isPresent() && !region.get().equals(store.settings().region());
        String last = "";
        for (BucketStates.Listed bucket :
                none ? List.<BucketStates.Listed>of() : store.buckets().list()) {
            BucketName name = bucket.name();
            if (!name.value().startsWith(prefix) || name.value().compareTo(after) <= 0) {
                continue;
            }
            if (page.size() == max) {
                next = Optional.of(Paging.token(last));
                break;
            }
            last = name.value();
            page.add(new BucketDocuments.Bucket(
                    name.value(),
                    bucket.createdAt(),
                    Optional.of(store.settings().region())));
        }
        return CompletableFuture.completedFuture(S3Response.xml(new BucketDocuments.ListBuckets(
                        store.settings().owner(),
                        page,
                        exchange.parameter("prefix").filter(p -> !p.isEmpty()),
                        next)
                .xml()));
    }
}
