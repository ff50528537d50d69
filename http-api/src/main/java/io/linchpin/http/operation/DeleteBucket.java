package io.linchpin.http.operation;

import io.linchpin.cluster.api.BucketOutcome;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import java.util.concurrent.CompletionStage;

/** DeleteBucket: only an empty one, and never an object that is being put meanwhile. */
public final class DeleteBucket implements Operation {
    private final Store store;

    public DeleteBucket(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) {
        return store.gateway().buckets().delete(exchange.bucket()).thenApply(DeleteBucket::answer);
    }

    private static S3Response answer(BucketOutcome.OfDelete outcome) {
        return switch (outcome) {
            case BucketOutcome.Removed r -> S3Response.of(204);
            case BucketOutcome.NotEmpty n -> throw new S3Exception(ErrorCode.BucketNotEmpty);
            case BucketOutcome.NoSuchBucket n -> throw new S3Exception(ErrorCode.NoSuchBucket);
            case BucketOutcome.Busy b -> throw new S3Exception(ErrorCode.SlowDown);
            case BucketOutcome.Failed(int errno, String call) ->
                throw Failures.ofErrno(errno).exception();
            case BucketOutcome.Unknown u -> throw new OutcomeUnknownException();
        };
    }
}
