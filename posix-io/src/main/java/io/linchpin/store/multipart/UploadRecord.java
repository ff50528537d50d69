package io.linchpin.store.multipart;

import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.UploadId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an upload was begun with.
 *
 * @param bucketGeneration of the bucket then: the completed object goes to no other
 * @param headers, userMetadata, tags of the object to be, as a sidecar has them
 * @param algorithm of the parts' checksums and the object's, or null; then the type is null too
 */
public record UploadRecord(
        ObjectId object,
        UploadId upload,
        long bucketGeneration,
        Instant initiated,
        Map<String, String> headers,
        Map<String, String> userMetadata,
        Map<String, String> tags,
        @Nullable ChecksumAlgorithm algorithm,
        @Nullable ChecksumType type) {
    public UploadRecord {
        headers = Map.copyOf(headers);
        userMetadata = Map.copyOf(userMetadata);
        tags = Map.copyOf(tags);
        if ((algorithm == null) != (type == null)) {
            throw new IllegalArgumentException("a checksum's algorithm and type come together");
        }
    }
}
