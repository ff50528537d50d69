package io.linchpin.http.operation;

import io.linchpin.cluster.api.Multipart;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.http.wire.MultipartDocuments;
import io.linchpin.store.value.BucketName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** ListMultipartUploads. */
public final class ListMultipartUploads implements Operation {
    private static final int MAX_UPLOADS = 1000;

    private final Store store;

    public ListMultipartUploads(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        BucketName bucket = exchange.bucket();
        store.bucket(bucket);
        int max = Paging.limit(exchange, "max-uploads", 0, MAX_UPLOADS);
        Multipart.UploadQuery query = new Multipart.UploadQuery(
                bucket,
                exchange.parameter("prefix").orElse(""),
                exchange.parameter("delimiter").orElse(""),
                exchange.parameter("key-marker").orElse(""),
                exchange.parameter("upload-id-marker").orElse(""),
                max);
        boolean url = Paging.encodesUrl(exchange);
        if (max == 0) {
            // A page of none is the last, as S3 has it.
            MultipartOutcome.Uploads none = new MultipartOutcome.Uploads(List.of(), List.of(), false, "", "");
            return CompletableFuture.completedFuture(S3Response.xml(document(query, none, url)));
        }
        return store.gateway().multipart().listUploads(query).thenApply(outcome -> {
            if (!(outcome instanceof MultipartOutcome.Uploads page)) {
                throw MultipartFailures.of(outcome, exchange);
            }
            return S3Response.xml(document(query, page, url));
        });
    }

    private String document(Multipart.UploadQuery query, MultipartOutcome.Uploads page, boolean url) {
        List<MultipartDocuments.Upload> uploads = page.uploads().stream()
                .map(u -> new MultipartDocuments.Upload(
                        u.key().value(),
                        u.upload().hex(),
                        store.settings().owner(),
                        u.initiated(),
                        Optional.ofNullable(u.algorithm()),
                        Optional.ofNullable(u.type())))
                .toList();
        return new MultipartDocuments.ListUploads(
                        query.bucket().value(),
                        query.prefix(),
                        Optional.of(query.delimiter()).filter(d -> !d.isEmpty()),
                        query.keyMarker(),
                        query.uploadIdMarker(),
                        Optional.of(page.nextKeyMarker()).filter(m -> page.truncated()),
                        Optional.of(page.nextUploadIdMarker()).filter(m -> page.truncated()),
                        query.maxUploads(),
                        page.truncated(),
                        url,
                        uploads,
                        page.commonPrefixes())
                .xml();
    }
}
