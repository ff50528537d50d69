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
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** CompleteMultipartUpload. It may take long where parts must be copied. */
public final class CompleteMultipartUpload implements Operation {
    private final Store store;
    private final LateAnswer answer;

    /** The host id is for an error document that comes after the status. */
    public CompleteMultipartUpload(Store store, String hostId) {
        this.store = store;
        this.answer = new LateAnswer(hostId);
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        ObjectId object = exchange.object();
        UploadId upload = MultipartFailures.upload(store, exchange);
        var conditions = WriteConditions.ofPut(exchange);
        Long size = objectSize(exchange);
        Checksum checksum = checksum(exchange);
        var ofBody = BodyExpectations.withoutChecksum(exchange.headers(), exchange.payload());
        return exchange.body()
                .collect(CompleteMultipartRequest.MAX_BODY_BYTES, ofBody)
                .thenApply(body -> parse(exchange, body).parts().stream()
                        .map(p -> new Multipart.ListedPart(
                                p.number(), p.etag(), p.checksum().orElse(null)))
                        .toList())
                .thenCompose(parts -> judge(exchange, object, upload, parts).thenApply(ignored -> parts))
                .thenCompose(parts -> {
                    CompletionStage<String> xml = store.gateway()
                            .multipart()
                            .complete(new Multipart.Completion(object, upload, parts, conditions, size, checksum))
                            .thenApply(outcome -> document(exchange, object, outcome));
                    return answer.of(exchange, xml);
                });
    }

    private static CompleteMultipartRequest parse(Exchange exchange, byte[] body) {
        try {
            return CompleteMultipartRequest.parse(body);
        } catch (S3Exception e) {
            throw e.failure().code() == ErrorCode.InvalidPartOrder
                    ? MultipartFailures.ofUpload(e.failure(), exchange)
                    : e;
        }
    }

    /**
     * What the request must say as the upload was begun. An upload that is not there is the completion's to refuse: it may
     * have been completed.
     */
    private CompletionStage<?> judge(
            Exchange exchange, ObjectId object, UploadId upload, List<Multipart.ListedPart> parts) {
        Optional<ChecksumType> named = exchange.header("x-amz-checksum-type")
                .map(text -> ChecksumType.parse(text)
                        .orElseThrow(() -> new S3Exception(
                                ErrorCode.InvalidRequest, "Value for x-amz-checksum-type header is invalid.")));
        Optional<Multipart.ListedPart> bare =
                parts.stream().filter(p -> p.checksum() == null).findFirst();
        if (named.isEmpty() && bare.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return store.gateway().multipart().listParts(object, upload, 0, 1).thenAccept(outcome -> {
            if (outcome instanceof MultipartOutcome.Parts found) {
                named.ifPresent(type -> checkType(type, found));
                bare.ifPresent(part -> checkBare(part, found));
            }
        });
    }

    /**
     * S3 wants the type to be that of the upload, where it is named at all. One that has no algorithm gets a checksum over
     * the whole object, if any.
     */
    private static void checkType(ChecksumType named, MultipartOutcome.Parts found) {
        ChecksumType actual = found.type() == null ? ChecksumType.FULL_OBJECT : found.type();
        if (actual != named) {
            throw new S3Exception(
                    ErrorCode.InvalidRequest,
                    "The upload was created using the " + actual
                            + " checksum mode. The complete request must use the same checksum mode.");
        }
    }

    /** S3 wants a checksum of every part where that of the object is made of them. */
    private static void checkBare(Multipart.ListedPart part, MultipartOutcome.Parts found) {
        if (found.algorithm() != null && found.type() == ChecksumType.COMPOSITE) {
            throw new S3Exception(
                    ErrorCode.InvalidRequest,
                    "The upload was created using a " + MultipartFailures.word(found.algorithm())
                            + " checksum. The complete request must include the checksum for each part. It was missing for"
                            + " part " + part.number().value() + " in the request.");
        }
    }

    private static String document(Exchange exchange, ObjectId object, MultipartOutcome.OfComplete outcome) {
        if (!(outcome instanceof MultipartOutcome.Completed(var etag, @Nullable Checksum checksum, var size))) {
            throw MultipartFailures.of(outcome, exchange);
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
