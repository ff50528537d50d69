package io.linchpin.http.operation;

import io.linchpin.cluster.api.BucketOutcome;
import io.linchpin.http.wire.CreateBucketRequest;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.store.value.BucketName;
import java.util.concurrent.CompletionStage;

/** CreateBucket. The location constraint must be the one region there is, under any of its names, or none. */
public final class CreateBucket implements Operation {
    /** There, and only there, S3 answers 200 to an owner who creates a bucket again, and changes nothing. */
    private static final String FIRST_REGION = "us-east-1";

    private final Store store;

    public CreateBucket(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) {
        BucketName bucket = exchange.bucket();
        return exchange.body().collect(CreateBucketRequest.MAX_BODY_BYTES).thenCompose(body -> {
            String region = CreateBucketRequest.parse(body).locationConstraint().orElse("");
            if (!region.isEmpty() && !region.equals(store.settings().region())) {
                throw elsewhere(region);
            }
            return store.gateway().buckets().create(bucket, region).thenApply(outcome -> answer(bucket, outcome));
        });
    }

    /** The endpoint of the first region makes buckets of any region in S3, so what it refuses is no region. */
    private S3Exception elsewhere(String region) {
        return store.settings().region().equals(FIRST_REGION)
                ? S3Failure.of(ErrorCode.InvalidLocationConstraint)
                        .with("LocationConstraint", region)
                        .exception()
                : new S3Exception(
                        ErrorCode.IllegalLocationConstraintException,
                        "The " + region + " location constraint is incompatible for the region specific endpoint this"
                                + " request was sent to.");
    }

    private S3Response answer(BucketName bucket, BucketOutcome.OfCreate outcome) {
        return switch (outcome) {
            case BucketOutcome.Created c -> there(bucket);
            case BucketOutcome.AlreadyExists e -> {
                if (store.settings().region().equals(FIRST_REGION)) {
                    yield there(bucket);
                }
                throw new S3Exception(ErrorCode.BucketAlreadyOwnedByYou);
            }
            case BucketOutcome.Busy b -> throw new S3Exception(ErrorCode.SlowDown);
            case BucketOutcome.Failed(int errno, String call) ->
                throw Failures.ofErrno(errno).exception();
            case BucketOutcome.Unknown u -> throw new OutcomeUnknownException();
        };
    }

    private static S3Response there(BucketName bucket) {
        return S3Response.of(200).header("Location", "/" + bucket);
    }
}
