package io.linchpin.http.operation;

import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.api.PartUpload;
import io.linchpin.posix.PosixException;
import io.linchpin.store.staging.Room;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A part that was promised room before its first byte: parts must leave the reserve alone just as whole uploads do. */
record RoomyPart(PartUpload part, Room room) implements PartUpload {
    /** A claim, a record, and the base file or one of its own. */
    private static final int FILES = 3;

    /**
     * Opens a part where there is room for it.
     *
     * @throws PosixException with ENOSPC where the reserve would be touched
     */
    static CompletionStage<MultipartOutcome.OfOpen> open(
            Store store, ObjectId object, UploadId upload, PartNumber number, long sizeBytes) throws PosixException {
        Room room = store.staging().room(sizeBytes, FILES);
        return store.gateway()
                .multipart()
                .openPart(object, upload, number, sizeBytes)
                .whenComplete((outcome, failure) -> {
                    if (!(outcome instanceof MultipartOutcome.Opened)) {
                        room.close();
                    }
                })
                .thenApply(outcome -> outcome instanceof MultipartOutcome.Opened(var part, var algorithm, var type)
                        ? new MultipartOutcome.Opened(new RoomyPart(part, room), algorithm, type)
                        : outcome);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        part.write(bytes);
        room.taken(length);
    }

    @Override
    public CompletionStage<MultipartOutcome.OfPart> finish(ETag md5, @Nullable Checksum checksum) throws IOException {
        return part.finish(md5, checksum);
    }

    @Override
    public void close() {
        part.close();
        room.close();
    }
}
