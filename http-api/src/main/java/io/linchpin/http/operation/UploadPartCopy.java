package io.linchpin.http.operation;

import io.linchpin.cluster.api.Multipart;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.api.PartUpload;
import io.linchpin.http.body.BodyDigests;
import io.linchpin.http.body.BodyExpectations;
import io.linchpin.http.body.Trailers;
import io.linchpin.http.wire.ByteRange;
import io.linchpin.http.wire.CopyDocuments;
import io.linchpin.http.wire.CopySource;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import io.linchpin.store.read.OpenObject;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** UploadPartCopy: a part made of a range of an object, from one version of it. */
public final class UploadPartCopy implements Operation {
    private static final int PIECE_BYTES = 1 << 20;

    private final Store store;
    private final Executor copying;
    private final LateAnswer answer;

    /** The host id is for an error that is told late. */
    public UploadPartCopy(Store store, Executor copying, String hostId) {
        this.store = store;
        this.copying = copying;
        this.answer = new LateAnswer(hostId);
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        ObjectId object = exchange.object();
        UploadId upload = MultipartFailures.upload(store, exchange);
        PartNumber number = MultipartFailures.part(exchange);
        CopySource source = CopyObject.source(exchange);
        OpenObject open = GetObject.open(store, source.object());
        Closeable held = open::close;
        exchange.holds().hold(held);
        boolean started = false;
        try {
            CopyObject.judgeSource(store, exchange, open);
            ByteRange.Resolved.Slice slice = slice(exchange, open);
            CompletionStage<String> stage = RoomyPart.open(store, object, upload, number, slice.lengthBytes())
                    .thenComposeAsync(outcome -> copy(exchange, open, slice, outcome), copying);
            started = true;
            return answer.of(exchange, stage.whenComplete((response, failure) -> {
                open.close();
                exchange.holds().release(held);
            }));
        } finally {
            if (!started) {
                open.close();
                exchange.holds().release(held);
            }
        }
    }

    private static ByteRange.Resolved.Slice slice(Exchange exchange, OpenObject open) {
        Optional<String> header = exchange.header("x-amz-copy-source-range");
        ByteRange.Resolved.Slice slice = header.isEmpty()
                ? new ByteRange.Resolved.Slice(0, open.size() - 1)
                : ByteRange.parseCopySourceRange(header.get())
                        .map(range -> new ByteRange.Resolved.Slice(range.first(), range.last()))
                        .orElseThrow(() -> Paging.argument(
                                "x-amz-copy-source-range",
                                header.get(),
                                "The x-amz-copy-source-range value must be of the form bytes=first-last"));
        if (slice.last() >= open.size()) {
            throw Paging.argument(
                    "x-amz-copy-source-range",
                    header.orElse(""),
                    "Range specified is not valid for source object of size: " + open.size());
        }
        if (slice.lengthBytes() > Multipart.MAX_PART_BYTES) {
            throw new S3Exception(ErrorCode.EntityTooLarge);
        }
        return slice;
    }

    private static CompletionStage<String> copy(
            Exchange exchange, OpenObject open, ByteRange.Resolved.Slice slice, MultipartOutcome.OfOpen outcome) {
        if (!(outcome
                instanceof MultipartOutcome.Opened(PartUpload part, @Nullable ChecksumAlgorithm algorithm, var type))) {
            throw MultipartFailures.of(outcome, exchange);
        }
        try (part) {
            BodyDigests digests = new BodyDigests(
                    BodyExpectations.NONE, Optional.of(algorithm == null ? ChecksumAlgorithm.CRC64NVME : algorithm));
            pump(open, slice, part, digests);
            BodyDigests.Result.Good good = switch (digests.finish(Trailers.NONE)) {
                case BodyDigests.Result.Good g -> g;
                case BodyDigests.Result.Bad b -> throw b.failure().exception();
            };
            return part.finish(good.etag(), good.checksum().orElse(null))
                    .thenApply(stored -> document(exchange, stored));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pump(OpenObject open, ByteRange.Resolved.Slice slice, PartUpload part, BodyDigests digests)
            throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, slice.lengthBytes()));
        long at = slice.first();
        while (at <= slice.last()) {
            piece.clear().limit((int) Math.min(piece.capacity(), slice.last() + 1 - at));
            if (open.read(piece, at) != piece.limit()) {
                throw new PosixException(Errno.EIO, "pread", open.path().toString());
            }
            at += piece.limit();
            piece.flip();
            digests.update(piece);
            part.write(piece);
        }
        if (!open.verifyUnchanged()) {
            throw new S3Exception(
                    ErrorCode.ConditionalRequestConflict, "The source was written to while it was copied.");
        }
    }

    private static String document(Exchange exchange, MultipartOutcome.OfPart outcome) {
        if (!(outcome instanceof MultipartOutcome.Stored(var etag, @Nullable Checksum checksum, var modified))) {
            throw MultipartFailures.of(outcome, exchange);
        }
        return CopyDocuments.copyPart(etag, modified, Optional.ofNullable(checksum));
    }
}
