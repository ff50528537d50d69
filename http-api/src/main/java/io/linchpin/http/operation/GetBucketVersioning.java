package io.linchpin.http.operation;

import io.linchpin.http.wire.BucketDocuments;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** GetBucketVersioning: never enabled, which S3 says by an empty document. Clients ask before they empty a bucket. */
public final class GetBucketVersioning implements Operation {
    private final Store store;

    public GetBucketVersioning(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        store.bucket(exchange.bucket());
        return CompletableFuture.completedFuture(S3Response.xml(BucketDocuments.versioningNeverEnabled()));
    }
}
