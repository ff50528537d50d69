package io.linchpin.http.operation;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** HeadBucket. */
public final class HeadBucket implements Operation {
    private final Store store;

    public HeadBucket(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        store.bucket(exchange.bucket());
        return CompletableFuture.completedFuture(S3Response.of(200)
                .header("x-amz-bucket-region", store.settings().region()));
    }
}
