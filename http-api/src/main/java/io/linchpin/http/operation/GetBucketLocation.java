package io.linchpin.http.operation;

import io.linchpin.http.wire.BucketDocuments;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** GetBucketLocation: the one region, whatever a bucket was created with. */
public final class GetBucketLocation implements Operation {
    private final Store store;

    public GetBucketLocation(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        store.bucket(exchange.bucket());
        return CompletableFuture.completedFuture(
                S3Response.xml(BucketDocuments.location(store.settings().region())));
    }
}
