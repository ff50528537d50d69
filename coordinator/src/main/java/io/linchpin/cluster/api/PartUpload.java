package io.linchpin.cluster.api;

import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ETag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A part on its way in. All but the stage of {@link #finish} is blocking file I/O, for a dispatcher that may block; one
 * thread at a time but for {@link #close}, which may come at any time and waits for the call under way.
 */
public interface PartUpload extends AutoCloseable {
    /**
     * Appends the buffer's remaining bytes.
     *
     * @throws IOException a PosixException, when the disk refuses; then close
     */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * Makes the data durable (blocking), then has the part recorded. The stage never fails.
     *
     * @param md5 of the bytes
     * @param checksum of the bytes, computed here and not only claimed; or null
     * @throws IllegalStateException unless exactly the announced bytes were written
     */
    CompletionStage<MultipartOutcome.OfPart> finish(ETag md5, @Nullable Checksum checksum) throws IOException;

    /** Without a finish before it: the part is dropped. Blocking; never fails. */
    @Override
    void close();
}
