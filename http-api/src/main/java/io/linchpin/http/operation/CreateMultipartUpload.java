package io.linchpin.http.operation;

import io.linchpin.cluster.api.Multipart;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.MultipartDocuments;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.UserMetadata;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ObjectId;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** CreateMultipartUpload. */
public final class CreateMultipartUpload implements Operation {
    private final Store store;

    public CreateMultipartUpload(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        ObjectId object = exchange.object();
        store.bucket(object.bucket());
        ChecksumAlgorithm algorithm = algorithm(exchange);
        ChecksumType type = type(exchange, algorithm);
        Multipart.NewUpload upload = new Multipart.NewUpload(
                object,
                ObjectHeaders.ofRequest(exchange),
                UserMetadata.parse(exchange.headers()).entries(),
                Map.of(),
                algorithm,
                type);
        return store.gateway().multipart().create(upload).thenApply(outcome -> {
            if (!(outcome instanceof MultipartOutcome.Created(var id))) {
                throw MultipartFailures.of(outcome, exchange);
            }
            S3Response response = S3Response.xml(MultipartDocuments.initiate(
                    object.bucket().value(), object.key().value(), id.hex()));
            if (algorithm != null && type != null) {
                response.header("x-amz-checksum-algorithm", algorithm.name())
                        .header("x-amz-checksum-type", type.name());
            }
            return response;
        });
    }

    private static @Nullable ChecksumAlgorithm algorithm(Exchange exchange) {
        Optional<String> text = exchange.header("x-amz-checksum-algorithm");
        if (text.isEmpty()) {
            return null;
        }
        return ChecksumAlgorithm.parse(text.get())
                .orElseThrow(() -> new S3Exception(
                        ErrorCode.InvalidRequest,
                        "Checksum algorithm provided is unsupported. Please try again with any of the valid types:"
                                + " [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"));
    }

    private static @Nullable ChecksumType type(Exchange exchange, @Nullable ChecksumAlgorithm algorithm) {
        Optional<String> text = exchange.header("x-amz-checksum-type");
        if (algorithm == null) {
            if (text.isPresent()) {
                throw new S3Exception(
                        ErrorCode.InvalidRequest,
                        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
            }
            return null;
        }
        if (text.isEmpty()) {
            return algorithm.defaultMultipartType();
        }
        ChecksumType type = ChecksumType.parse(text.get())
                .orElseThrow(() ->
                        new S3Exception(ErrorCode.InvalidRequest, "Value for x-amz-checksum-type header is invalid."));
        if (!algorithm.allows(type)) {
            throw new S3Exception(
                    ErrorCode.InvalidRequest,
                    "The " + type + " checksum type cannot be used with the " + MultipartFailures.word(algorithm)
                            + " checksum algorithm.");
        }
        return type;
    }
}
