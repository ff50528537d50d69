package io.linchpin.store.multipart;

import io.linchpin.store.commit.Mutation;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.UploadId;
import org.jspecify.annotations.Nullable;

/**
 * A completion whose mutation may be with the key's owner: all that a later session needs to ask what became of it.
 *
 * @param put without the sidecar's bytes: they are in the staged pair
 * @param checksum of the object, or null
 * @param holder names whose hands it is in: a session that takes it up from another writes a name of its own, and only the
 *     last one may settle it
 */
public record SentAttempt(
        String listDigest, Mutation.Put put, @Nullable Checksum checksum, UploadId holder) {
    /** In the hands of who staged it. */
    public SentAttempt(String listDigest, Mutation.Put put, @Nullable Checksum checksum) {
        this(listDigest, put, checksum, put.id());
    }

    /** The same, in other hands. */
    public SentAttempt heldBy(UploadId newHolder) {
        return new SentAttempt(listDigest, put, checksum, newHolder);
    }
}
