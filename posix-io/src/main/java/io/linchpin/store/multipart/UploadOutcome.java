package io.linchpin.store.multipart;

import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ETag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an upload ended, kept to answer those who ask again.
 *
 * @param known false where nobody can tell any more whether the object was made
 * @param listDigest of the list of parts that it was made of
 */
public record UploadOutcome(
        boolean known,
        String listDigest,
        ETag etag,
        @Nullable Checksum checksum,
        long sizeBytes,
        Instant at) {}
