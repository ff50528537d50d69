package io.linchpin.store.multipart;

import io.linchpin.store.commit.Mutation;
import io.linchpin.store.value.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * A completion whose mutation may be with the key's owner: all that a later session needs to ask what became of it.
 *
 * @param put without the sidecar's bytes: they are in the staged pair
 * @param checksum of the object, or null
 */
public record SentAttempt(
        String listDigest, Mutation.Put put, @Nullable Checksum checksum) {}
