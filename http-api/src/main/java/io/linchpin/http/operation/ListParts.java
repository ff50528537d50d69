package io.linchpin.http.operation;

import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.http.wire.MultipartDocuments;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** ListParts. */
public final class ListParts implements Operation {
    private static final int MAX_PARTS = 1000;

    private final Store store;

    public ListParts(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        ObjectId object = exchange.object();
        UploadId upload = MultipartFailures.upload(store, exchange);
        int max = Paging.limit(exchange, "max-parts", 0, MAX_PARTS);
        int marker = exchange.parameter("part-number-marker")
                        .filter(m -> !m.isEmpty())
                        .isEmpty()
                ? 0
                : Paging.limit(exchange, "part-number-marker", 0, PartNumber.MAX);
        boolean url = Paging.encodesUrl(exchange);
        return store.gateway()
                .multipart()
                .listParts(object, upload, marker, Math.max(1, max))
                .thenApply(outcome -> {
                    if (!(outcome instanceof MultipartOutcome.Parts page)) {
                        throw MultipartFailures.of(outcome, exchange);
                    }
                    // A page of none is the last, as S3 has it; whether there is such an upload was still to be seen.
                    List<MultipartDocuments.Part> parts = page.parts().stream()
                            .limit(max)
                            .map(p -> new MultipartDocuments.Part(
                                    p.number(),
                                    p.lastModified(),
                                    p.etag(),
                                    p.sizeBytes(),
                                    Optional.ofNullable(p.checksum())))
                            .toList();
                    int next = parts.isEmpty() ? 0 : parts.getLast().number();
                    return S3Response.xml(new MultipartDocuments.ListParts(
                                    object.bucket().value(),
                                    object.key().value(),
                                    upload.hex(),
                                    store.settings().owner(),
                                    marker,
                                    next,
                                    max,
                                    max > 0 && page.truncated(),
                                    Optional.ofNullable(page.algorithm()),
                                    Optional.ofNullable(page.type()),
                                    url,
                                    parts)
                            .xml());
                });
    }
}
