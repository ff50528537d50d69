package io.linchpin.http.operation;

import io.linchpin.cluster.api.Multipart;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.api.PartUpload;
import io.linchpin.http.body.BodyDigests;
import io.linchpin.http.body.BodyExpectations;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** UploadPart: the part is written in place as it comes, and recorded once it is durable. */
public final class UploadPart implements Operation {
    private final Store store;
    private final Executor blocking;

    /** The executor is for what comes after the cluster's answer. */
    public UploadPart(Store store, Executor blocking) {
        this.store = store;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        ObjectId object = exchange.object();
        UploadId upload = MultipartFailures.upload(store, exchange);
        PartNumber number = MultipartFailures.part(exchange);
        BodyExpectations expectations = BodyExpectations.parse(exchange.headers(), exchange.payload());
        long size = PutObject.size(exchange, Math.min(store.settings().maxPutBytes(), Multipart.MAX_PART_BYTES));
        return RoomyPart.open(store, object, upload, number, size)
                .thenComposeAsync(
                        outcome -> {
                            if (!(outcome
                                    instanceof
                                    MultipartOutcome.Opened(
                                            PartUpload part,
                                            @Nullable ChecksumAlgorithm algorithm,
                                            var type))) {
                                throw MultipartFailures.of(outcome, exchange);
                            }
                            return write(exchange, part, expectations, algorithm);
                        },
                        blocking);
    }

    private static CompletionStage<S3Response> write(
            Exchange exchange, PartUpload part, BodyExpectations expectations, @Nullable ChecksumAlgorithm algorithm) {
        Closeable held = part::close;
        exchange.holds().hold(held);
        Optional<ChecksumAlgorithm> sent = expectations.algorithm();
        if (algorithm != null && sent.isPresent() && sent.get() != algorithm) {
            part.close();
            exchange.holds().release(held);
            throw new S3Exception(
                    ErrorCode.InvalidRequest,
                    "Checksum Type mismatch occurred, expected checksum Type: " + MultipartFailures.word(algorithm)
                            + ", actual checksum Type: " + MultipartFailures.word(sent.get()));
        }
        return exchange.body()
                .transfer(
                        expectations,
                        Optional.of(algorithm == null ? ChecksumAlgorithm.CRC64NVME : algorithm),
                        part::write)
                .thenCompose(good -> finish(exchange, part, good))
                .whenComplete((response, failure) -> {
                    part.close();
                    exchange.holds().release(held);
                });
    }

    private static CompletionStage<S3Response> finish(
            Exchange exchange, PartUpload part, BodyDigests.Result.Good good) {
        try {
            return part.finish(good.etag(), good.checksum().orElse(null)).thenApply(outcome -> {
                if (!(outcome
                        instanceof MultipartOutcome.Stored(var etag, @Nullable Checksum checksum, var modified))) {
                    throw MultipartFailures.of(outcome, exchange);
                }
                S3Response response = S3Response.of(200).header("ETag", etag.quoted());
                if (checksum != null) {
                    response.header(checksum.algorithm().headerName(), checksum.base64());
                }
                return response;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
