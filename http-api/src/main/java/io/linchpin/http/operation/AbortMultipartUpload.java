package io.linchpin.http.operation;

import io.linchpin.cluster.api.MultipartOutcome;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** AbortMultipartUpload. */
public final class AbortMultipartUpload implements Operation {
    private final Store store;

    public AbortMultipartUpload(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        return store.gateway()
                .multipart()
                .abort(exchange.object(), MultipartFailures.upload(store, exchange))
                .thenApply(outcome -> {
                    if (outcome instanceof MultipartOutcome.Aborted) {
                        return S3Response.of(204);
                    }
                    throw MultipartFailures.of(outcome, exchange);
                });
    }
}
