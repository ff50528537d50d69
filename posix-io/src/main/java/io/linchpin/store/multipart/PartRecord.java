package io.linchpin.store.multipart;

import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One stored part: what it is, and where its bytes are.
 *
 * @param partId unique for each time that a part is sent
 * @param sizeBytes 0 or more
 * @param md5 of its bytes, in hex
 * @param checksum of its bytes, or null
 * @param inBase whether its bytes are in the base file, else in a file of its own
 * @param offset of its bytes in that file
 */
public record PartRecord(
        PartNumber number,
        UploadId partId,
        long sizeBytes,
        ETag md5,
        @Nullable Checksum checksum,
        boolean inBase,
        long offset,
        Instant storedAt) {
    String file() {
        return inBase ? UploadFiles.BASE : UploadFiles.ownData(partId);
    }
}
