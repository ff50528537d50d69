package io.linchpin.cluster.multipart;

import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.api.PartUpload;
import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import io.linchpin.store.multipart.PartFile;
import io.linchpin.store.multipart.UploadDirectory;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ETag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A part on its way to the disk of this node, and then to the upload's session. */
final class UploadPart implements PartUpload {
    private final PartFile file;
    private final MultipartServices services;
    private final Function<UploadDirectory.Prepared, CompletionStage<MultipartOutcome>> session;
    private boolean handedOver;

    UploadPart(
            PartFile file,
            MultipartServices services,
            Function<UploadDirectory.Prepared, CompletionStage<MultipartOutcome>> session) {
        this.file = file;
        this.services = services;
        this.session = session;
    }

    @Override
    public void write(ByteBuffer bytes) throws PosixException {
        file.write(bytes);
    }

    @Override
    public CompletionStage<MultipartOutcome.OfPart> finish(ETag md5, @Nullable Checksum checksum) throws IOException {
        UploadDirectory.Prepared prepared;
        try {
            prepared = prepare(md5, checksum);
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                // Aborted, or completed without this part, while its bytes came.
                return CompletableFuture.completedFuture(new MultipartOutcome.NoSuchUpload());
            }
            throw e;
        }
        return session.apply(prepared)
                .handleAsync((outcome, _) -> ended(outcome), services.blocking())
                .thenCompose(Function.identity());
    }

    /** In one step with the handing over, so that no close comes between the two. */
    private synchronized UploadDirectory.Prepared prepare(ETag md5, @Nullable Checksum checksum) throws IOException {
        UploadDirectory.Prepared prepared =
                file.prepare(md5, checksum, services.clock().instant());
        handedOver = true;
        return prepared;
    }

    private CompletionStage<MultipartOutcome.OfPart> ended(@Nullable MultipartOutcome outcome) {
        try {
            if (outcome instanceof MultipartOutcome.OfPart known && !(known instanceof MultipartOutcome.Busy)) {
                return CompletableFuture.completedFuture(known);
            }
            // Nobody answered. A record taken back was not committed, and cannot be any more.
            return CompletableFuture.completedFuture(
                    file.withdraw()
                            ? new MultipartOutcome.Busy("the upload's session does not answer")
                            : new MultipartOutcome.Unknown());
        } catch (PosixException e) {
            return CompletableFuture.completedFuture(new MultipartOutcome.Unknown());
        } finally {
            file.close();
        }
    }

    @Override
    public synchronized void close() {
        // Once handed over the part is closed by the answer.
        if (!handedOver) {
            file.close();
        }
    }
}
