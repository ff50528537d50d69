package io.linchpin.http.operation;

import io.linchpin.http.body.BodyDigests;
import io.linchpin.http.body.BodyExpectations;
import io.linchpin.http.body.Trailers;
import io.linchpin.http.wire.CopyDocuments;
import io.linchpin.http.wire.CopySource;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.UserMetadata;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.read.OpenObject;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.staging.StagedUpload;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ObjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** CopyObject: the source's version is staged like an upload, by sharing blocks where the filesystem can. */
public final class CopyObject implements Operation {
    /** Up to this size a copy is made where the request is read: about what a PUT of one buffer costs. */
    private static final long SMALL_BYTES = 1 << 20;

    private final Store store;
    private final Executor copying;
    private final LateAnswer answer;

    /**
     * The operation.
     *
     * @param copying for all but small copies, so that they do not keep other requests waiting
     * @param hostId for an error that is told late
     */
    public CopyObject(Store store, Executor copying, String hostId) {
        this.store = store;
        this.copying = copying;
        this.answer = new LateAnswer(hostId);
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        ObjectId object = exchange.object();
        BucketState bucket = store.bucket(object.bucket());
        Preconditions conditions = WriteConditions.ofPut(exchange);
        boolean replace = replaces(exchange);
        CopySource source = source(exchange);
        if (source.object().equals(object)
                && !replace
                && exchange.header("x-amz-checksum-algorithm").isEmpty()
                && exchange.header("x-amz-storage-class").isEmpty()) {
            throw new S3Exception(
                    ErrorCode.InvalidRequest,
                    "This copy request is illegal because it is trying to copy an object to itself without changing the"
                            + " object's metadata, storage class, website redirect location or encryption attributes.");
        }
        OpenObject open = GetObject.open(store, source.object());
        boolean handedOver = false;
        try {
            judge(exchange, open);
            Map<String, String> headers = replace
                    ? ObjectHeaders.ofRequest(exchange)
                    : open.metadata().headers();
            Map<String, String> metadata = replace
                    ? UserMetadata.parse(exchange.headers()).entries()
                    : open.metadata().userMetadata();
            if (open.size() <= SMALL_BYTES) {
                return copy(exchange, bucket, open, object, headers, metadata, conditions)
                        .thenApply(S3Response::xml);
            }
            CompletionStage<String> later = CompletableFuture.supplyAsync(
                            () -> {
                                try (open) {
                                    return copy(exchange, bucket, open, object, headers, metadata, conditions);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            },
                            copying)
                    .thenCompose(stage -> stage);
            handedOver = true;
            return answer.of(exchange, later);
        } finally {
            if (!handedOver) {
                open.close();
            }
        }
    }

    private void judge(Exchange exchange, OpenObject open) {
        judgeSource(store, exchange, open);
        if (open.size() > store.settings().maxPutBytes()) {
            throw new S3Exception(
                    ErrorCode.InvalidRequest,
                    "The specified copy source is larger than the maximum allowable size for a copy source: "
                            + store.settings().maxPutBytes());
        }
    }

    private CompletionStage<String> copy(
            Exchange exchange,
            BucketState bucket,
            OpenObject open,
            ObjectId object,
            Map<String, String> headers,
            Map<String, String> metadata,
            Preconditions conditions)
            throws IOException {
        try (StagedUpload upload = store.staging().begin(store.uploadIds().get(), open.size())) {
            BodyDigests digests =
                    new BodyDigests(BodyExpectations.NONE, Optional.of(algorithm(exchange, open.metadata())));
            long copied = upload.stageCopy(open.data(), 0, open.size(), digests::update);
            if (copied != open.size() || !open.verifyUnchanged()) {
                throw new S3Exception(
                        ErrorCode.ConditionalRequestConflict, "The source was written to while it was copied.");
            }
            BodyDigests.Result.Good good = switch (digests.finish(Trailers.NONE)) {
                case BodyDigests.Result.Good g -> g;
                case BodyDigests.Result.Bad b -> throw b.failure().exception();
            };
            Sidecar sidecar = Commits.sidecar(object, upload, good, headers, metadata);
            Optional<Checksum> checksum = good.checksum();
            return Commits.put(store, bucket, upload, sidecar, conditions)
                    .thenApply(outcome -> Commits.committed(outcome, object))
                    .thenApply(c -> CopyDocuments.copyObject(c.etag(), c.lastModified(), checksum));
        }
    }

    /** The one asked for, else the source's, else the default. */
    private static ChecksumAlgorithm algorithm(Exchange exchange, Sidecar source) {
        Optional<String> asked = exchange.header("x-amz-checksum-algorithm");
        if (asked.isPresent()) {
            return ChecksumAlgorithm.parse(asked.get())
                    .orElseThrow(() -> new S3Exception(
                            ErrorCode.InvalidRequest, "Value for x-amz-checksum-algorithm header is invalid."));
        }
        return source.checksums().keySet().stream()
                .flatMap(name -> ChecksumAlgorithm.parse(name).stream())
                .findFirst()
                .orElse(ChecksumAlgorithm.CRC64NVME);
    }

    private static boolean replaces(Exchange exchange) {
        return switch (exchange.header("x-amz-metadata-directive").orElse("COPY")) {
            case "COPY" -> false;
            case "REPLACE" -> true;
            case String unknown ->
                throw Paging.argument("x-amz-metadata-directive", unknown, "Unknown metadata directive.");
        };
    }

    /** The source that the header names; only its one version exists. */
    static CopySource source(Exchange exchange) {
        CopySource source =
                CopySource.parse(exchange.header("x-amz-copy-source").orElse(""));
        if (source.versionId().filter(v -> !v.equals("null")).isPresent()) {
            throw NotBuilt.notImplemented("Versions of objects are not implemented.", "x-amz-copy-source");
        }
        return source;
    }

    static void judgeSource(Store store, Exchange exchange, OpenObject open) {
        switch (ReadConditions.ofCopySource(exchange)
                .judge(
                        open.metadata().etag(),
                        open.lastModified(),
                        store.clock().instant())) {
            case ReadConditions.Verdict.Failed(String condition) -> throw Failures.preconditionFailed(condition);
            case ReadConditions.Verdict.NotModified(String condition) -> throw Failures.preconditionFailed(condition);
            case ReadConditions.Verdict.Proceed p -> {
                // It is copied.
            }
        }
    }
}
