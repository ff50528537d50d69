package io.linchpin.http.operation;

import io.linchpin.cluster.api.BucketOutcome;
import io.linchpin.http.wire.CreateBucketRequest;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.store.value.BucketName;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** CreateBucket. The location constraint must be the one region there is, under any of its names, or none. */
public final class CreateBucket implements Operation {
    /** There, and only there, S3 answers 200 to an owner who creates a bucket again, and changes nothing. */
    private static final String FIRST_REGION = "us-east-1";

    /** What S3 keeps for itself at either end of a name; its access points and its buckets of other kinds have these. */
    private static final List<String> RESERVED_PREFIXES = List.of("xn--", "sthree-", "amzn-s3-demo-");

    private static final List<String> RESERVED_SUFFIXES =
            List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");

    private final Store store;

    public CreateBucket(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) {
        BucketName bucket = exchange.bucket();
        if (isReserved(bucket.value())) {
            throw S3Failure.of(ErrorCode.InvalidBucketName)
                    .with("BucketName", bucket.value())
                    .exception();
        }
        return exchange.body().collect(CreateBucketRequest.MAX_BODY_BYTES).thenCompose(body -> {
            String region = CreateBucketRequest.parse(body).locationConstraint().orElse("");
            if (!region.isEmpty() && !region.equals(store.settings().region())) {
                throw elsewhere(region);
            }
            return store.gateway().buckets().create(bucket, region).thenApply(outcome -> answer(bucket, outcome));
        });
    }

    /** Whether no new bucket is to have the name. A dot beside a hyphen would make a label that no host name can have. */
    private static boolean isReserved(String name) {
        return RESERVED_PREFIXES.stream().anyMatch(name::startsWith)
                || RESERVED_SUFFIXES.stream().anyMatch(name::endsWith)
                || name.contains(".-")
                || name.contains("-.");
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
