package io.linchpin.store.bucket;

import io.linchpin.store.value.BucketName;
import java.time.Instant;

/**
 * The state of a bucket, as its state file has it.
 *
 * @param generation unique for every bucket ever made, so that one made again under the same name is another; 0 for a
 *     directory made by hand, which has no state file
 * @param region the LocationConstraint given at creation, or empty
 */
public record BucketState(BucketName name, long generation, Status status, Instant createdAt, String region) {
    /** The generation of a directory that a person made. */
    public static final long MADE_BY_HAND = 0;

    /** Whether this is certainly another bucket than that of the generation: one without a state file may have lost it. */
    public boolean isAnotherThan(long otherGeneration) {
        return generation != MADE_BY_HAND && generation != otherGeneration;
    }

    /** Whether mutations are accepted. */
    public enum Status {
        OPEN,
        /** A deletion (or another change that must drain) is under way: mutations are held or refused. */
        CLOSING
    }
}
