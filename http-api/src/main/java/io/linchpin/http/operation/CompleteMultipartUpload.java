package io.linchpin.http.operation;

import io.linchpin.cluster.api.Multipart;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.http.body.BodyExpectations;
import io.linchpin.http.wire.CompleteMultipartRequest;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.MultipartDocuments;
import io.linchpin.http.wire.Numbers;
import io.linchpin.http.wire.PercentCoding;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ObjectId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * CompleteMultipartUpload. It may take long where parts must be copied: after {@value #PATIENCE_SECONDS} s the answer
 * begins with status 200 and spaces, and a failure is then told in the document alone, as S3 does.
 */
public final class CompleteMultipartUpload implements Operation {
    private static final int PATIENCE_SECONDS = 10;

    private final Store store;
    private final String hostId;

    /** The host id is for an error document that comes after the status. */
    public CompleteMultipartUpload(Store store, String hostId) {
        this.store = store;
        this.hostId = hostId;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) {
        ObjectId object = exchange.object();
        var upload = MultipartFailures.upload(exchange);
        var conditions = WriteConditions.ofPut(exchange);
        Long size = objectSize(exchange);
        Checksum checksum = checksum(exchange);
        var ofBody = BodyExpectations.withoutChecksum(exchange.headers(), exchange.payload());
        return exchange.body()
                .collect(CompleteMultipartRequest.MAX_BODY_BYTES, ofBody)
                .thenCompose(body -> {
                    List<Multipart.ListedPart> parts = CompleteMultipartRequest.parse(body).parts().stream()
                            .map(p -> new Multipart.ListedPart(
                                    p.number(), p.etag(), p.checksum().orElse(null)))
                            .toList();
                    CompletableFuture<String> xml = store.gateway()
                            .multipart()
                            .complete(new Multipart.Completion(object, upload, parts, conditions, size, checksum))
                            .thenApply(outcome -> document(exchange, object, outcome))
                            .toCompletableFuture();
                    return answer(exchange, xml);
                });
    }

    private CompletionStage<S3Response> answer(Exchange exchange, CompletableFuture<String> xml) {
        CompletableFuture<S3Response> soon = xml.thenApply(S3Response::xml);
        S3Response late = S3Response.of(200).body(new S3Response.Body.Awaited(xml.exceptionally(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof S3Exception e) {
                return e.failure().xml(exchange.target().path(), exchange.requestId(), hostId);
            }
            // No document, and the connection breaks: nobody can tell what happened.
            throw new CompletionException(cause);
        })));
        return soon.completeOnTimeout(late, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static String document(Exchange exchange, ObjectId object, MultipartOutcome.OfComplete outcome) {
        if (!(outcome instanceof MultipartOutcome.Completed(var etag, @Nullable Checksum checksum, var size))) {
            throw MultipartFailures.of(outcome);
        }
        String location = "http://" + exchange.header("host").orElse("") + "/" + object.bucket() + "/"
                + PercentCoding.encodePath(object.key().value());
        return MultipartDocuments.complete(
                location, object.bucket().value(), object.key().value(), etag, Optional.ofNullable(checksum));
    }

    private static @Nullable Long objectSize(Exchange exchange) {
        Optional<String> text = exchange.header("x-amz-mp-object-size");
        if (text.isEmpty()) {
            return null;
        }
        long size = Numbers.nonNegative(text.get());
        if (size < 0) {
            throw Paging.argument(
                    "x-amz-mp-object-size", text.get(), "Value for x-amz-mp-object-size header is invalid.");
        }
        return size;
    }

    /** Here the header is about the object, and of whichever type; it says nothing of this request's body. */
    private static @Nullable Checksum checksum(Exchange exchange) {
        Checksum found = null;
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            Optional<String> value = exchange.header(algorithm.headerName());
            if (value.isEmpty()) {
                continue;
            }
            if (found != null) {
                throw new S3Exception(ErrorCode.InvalidRequest, "Expecting a single x-amz-checksum- header.");
            }
            ChecksumType type = value.get().indexOf('-') >= 0 ? ChecksumType.COMPOSITE : ChecksumType.FULL_OBJECT;
            try {
                found = new Checksum(algorithm, value.get(), type);
            } catch (IllegalArgumentException e) {
                throw new S3Exception(
                        ErrorCode.InvalidRequest, "Value for " + algorithm.headerName() + " header is invalid.");
            }
        }
        return found;
    }
}
