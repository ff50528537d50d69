package io.linchpin.http.operation;

import io.linchpin.http.body.BodyDigests;
import io.linchpin.http.body.BodyExpectations;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.http.wire.UserMetadata;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.staging.StagedUpload;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ObjectId;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** PutObject: the body is staged and hashed as it comes, checked, and then given to the key's owner. */
public final class PutObject implements Operation {
    private final Store store;

    public PutObject(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        ObjectId object = exchange.object();
        BucketState bucket = store.bucket(object.bucket());
        Preconditions conditions = WriteConditions.ofPut(exchange);
        Map<String, String> headers = ObjectHeaders.ofRequest(exchange);
        Map<String, String> metadata = UserMetadata.parse(exchange.headers()).entries();
        BodyExpectations expectations = BodyExpectations.parse(exchange.headers(), exchange.payload());
        long size = size(exchange, store.settings().maxPutBytes());
        StagedUpload upload = store.staging().begin(store.uploadIds().get(), size);
        Closeable held = upload::close;
        exchange.holds().hold(held);
        return exchange.body()
                .transfer(expectations, Optional.of(ChecksumAlgorithm.CRC64NVME), upload::write)
                .thenCompose(good -> {
                    try {
                        return Commits.put(
                                        store,
                                        bucket,
                                        upload,
                                        Commits.sidecar(object, upload, good, headers, metadata),
                                        conditions)
                                .thenApply(outcome -> answer(
                                        good,
                                        Commits.committed(outcome, object)
                                                .etag()
                                                .quoted()));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .whenComplete((response, failure) -> {
                    upload.close();
                    exchange.holds().release(held);
                });
    }

    /** The announced size: S3 wants to know it before it takes anything. */
    static long size(Exchange exchange, long maxBytes) {
        long size = exchange.body().declaredBytes().orElseThrow(() -> unannounced(exchange));
        if (size > maxBytes) {
            throw S3Failure.of(ErrorCode.EntityTooLarge)
                    .with("ProposedSize", Long.toString(size))
                    .with("MaxSizeAllowed", Long.toString(maxBytes))
                    .exception();
        }
        return size;
    }

    /** S3 does not take the chunks of HTTP in place of a length, and says so by another code. */
    private static S3Exception unannounced(Exchange exchange) {
        return exchange.headers().has("transfer-encoding")
                ? S3Failure.of(ErrorCode.NotImplemented)
                        .with("Header", "Transfer-Encoding")
                        .exception()
                : new S3Exception(ErrorCode.MissingContentLength);
    }

    private static S3Response answer(BodyDigests.Result.Good good, String etag) {
        S3Response response = S3Response.of(200).header("ETag", etag);
        good.checksum().ifPresent(c -> giveChecksum(c, response));
        return response;
    }

    static void giveChecksum(Checksum checksum, S3Response response) {
        response.header(checksum.algorithm().headerName(), checksum.base64())
                .header("x-amz-checksum-type", checksum.type().name());
    }
}
