package io.linchpin.store.bucket;

import io.linchpin.store.value.BucketName;
import java.io.IOException;

/** What became of a bucket that a mutation was meant for: asked of its state file at each judging, and at each replay. */
public interface BucketCheck {
    /** What a bucket says to a mutation. */
    enum Admission {
        /** There, open, and of the generation that the ingress saw. */
        OPEN,
        /** That bucket, but closing: it will be gone soon, or open again. */
        CLOSING,
        /** No such bucket, or another one of the same name. */
        GONE
    }

    /** What a bucket says to a mutation whose ingress saw it in that generation. One that is open outlives a power cut. */
    Admission look(BucketName bucket, long generation) throws IOException;

    /**
     * Whether the bucket of that generation was certainly removed, and one of its name made since. A bucket that is not there
     * or has no readable state file is not known to be another one: its directory may have been moved, its state lost.
     */
    boolean isAnother(BucketName bucket, long generation) throws IOException;

    /** By the buckets' state files. */
    static BucketCheck of(BucketStates states) {
        return new BucketCheck() {
            @Override
            public Admission look(BucketName bucket, long generation) throws IOException {
                return states.readLasting(bucket)
                        .filter(s -> s.generation() == generation)
                        .map(s -> s.status() == BucketState.Status.OPEN ? Admission.OPEN : Admission.CLOSING)
                        .orElse(Admission.GONE);
            }

            @Override
            public boolean isAnother(BucketName bucket, long generation) throws IOException {
                try {
                    return states.read(bucket)
                            .filter(s -> s.isAnotherThan(generation))
                            .isPresent();
                } catch (CorruptBucketStateException e) {
                    return false;
                }
            }
        };
    }
}
