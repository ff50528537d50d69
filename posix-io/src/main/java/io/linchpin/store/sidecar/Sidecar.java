package io.linchpin.store.sidecar;

import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.UploadId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a version is besides its bytes. The stamp is not in it: it is the sidecar's name, given by the owner.
 *
 * @param object bucket and key
 * @param upload the upload that made the version: equal ids are one upload's bytes and metadata
 * @param revision 0, and one more with each metadata-only change
 * @param size bytes
 * @param headers the system headers to give back (content-type, cache-control, …), names in lower case
 * @param userMetadata {@code x-amz-meta-} headers without that prefix, names in lower case
 * @param tags object tags
 * @param checksums additional checksums: algorithm name as in the header (crc32c, …) to its base64 text
 * @param checksumType COMPOSITE or FULL_OBJECT where there are checksums
 * @param parts of a multipart upload, in order, else empty
 * @param lastModified where it differs from the stamp by a millisecond or more
 */
public record Sidecar(
        ObjectId object,
        UploadId upload,
        long revision,
        long size,
        ETag etag,
        Map<String, String> headers,
        Map<String, String> userMetadata,
        Map<String, String> tags,
        Map<String, String> checksums,
        @Nullable String checksumType,
        List<Part> parts,
        @Nullable Instant lastModified) {
    /** One part of a completed multipart upload. */
    public record Part(int number, long size, Map<String, String> checksums) {}

    /** The same version with other tags, one revision on. */
    public Sidecar withTags(Map<String, String> newTags) {
        return new Sidecar(
                object,
                upload,
                revision + 1,
                size,
                etag,
                headers,
                userMetadata,
                Map.copyOf(newTags),
                checksums,
                checksumType,
                parts,
                lastModified);
    }

    /** The same version with a Last-Modified of its own. */
    public Sidecar withLastModified(Instant at) {
        return new Sidecar(
                object, upload, revision, size, etag, headers, userMetadata, tags, checksums, checksumType, parts, at);
    }
}
