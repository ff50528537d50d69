package io.linchpin.http.operation;

import io.linchpin.http.wire.DeleteDocument;
import io.linchpin.http.wire.DeleteObjectsRequest;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.value.ObjectId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** DeleteObjects: each object on its own conditions, with an answer of its own; all at once, each at its owner. */
public final class DeleteObjects implements Operation {
    private final Store store;

    public DeleteObjects(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        BucketState bucket = store.bucket(exchange.bucket());
        boolean digested = exchange.header("content-md5").isPresent()
                || exchange.header("x-amz-sdk-checksum-algorithm").isPresent()
                || exchange.header("x-amz-trailer").isPresent()
                || io.linchpin.http.body.BodyExpectations.parse(exchange.headers(), exchange.payload())
                        .algorithm()
                        .isPresent();
        if (!digested) {
            throw new S3Exception(
                    ErrorCode.InvalidRequest,
                    "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }
        return exchange.body()
                .collect(DeleteObjectsRequest.MAX_BODY_BYTES)
                .thenCompose(body -> deleteAll(bucket, DeleteObjectsRequest.parse(body)));
    }

    private CompletionStage<S3Response> deleteAll(BucketState bucket, DeleteObjectsRequest request) {
        List<CompletableFuture<DeleteDocument.Outcome>> all =
                new ArrayList<>(request.targets().size());
        for (DeleteObjectsRequest.Target target : request.targets()) {
            all.add(delete(bucket, target).toCompletableFuture());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(ignored -> S3Response.xml(new DeleteDocument(
                                request.quiet(),
                                all.stream().map(CompletableFuture::join).toList())
                        .xml()));
    }

    private CompletionStage<DeleteDocument.Outcome> delete(BucketState bucket, DeleteObjectsRequest.Target target) {
        Optional<String> version = target.versionId();
        if (target.parsed().isEmpty()) {
            return CompletableFuture.completedFuture(failed(target, S3Failure.of(ErrorCode.KeyTooLongError)));
        }
        if (version.isPresent() && !version.get().equals("null")) {
            return CompletableFuture.completedFuture(failed(target, S3Failure.of(ErrorCode.NotImplemented)));
        }
        Preconditions conditions = new Preconditions(
                target.ifMatch().map(List::of).orElse(List.of()),
                List.of(),
                target.ifLastModified().orElse(null),
                target.ifSizeBytes().orElse(null));
        ObjectId object = new ObjectId(bucket.name(), target.parsed().get());
        return DeleteObject.delete(store, bucket, object, conditions)
                .thenApply(outcome -> told(target, object, outcome));
    }

    private static DeleteDocument.Outcome told(DeleteObjectsRequest.Target target, ObjectId object, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Deleted d ->
                new DeleteDocument.Outcome.Deleted(target.key(), target.versionId(), Optional.empty());
            // The other keys have certain answers: this one gets the error that says nothing of what happened.
            case Outcome.Unknown u -> failed(target, S3Failure.of(ErrorCode.InternalError));
            default -> failed(target, ((S3Exception) Failures.of(outcome, object)).failure());
        };
    }

    private static DeleteDocument.Outcome failed(DeleteObjectsRequest.Target target, S3Failure failure) {
        return new DeleteDocument.Outcome.Failed(target.key(), target.versionId(), failure.code(), failure.message());
    }
}
