package io.linchpin.store.commit;

import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.value.BucketName;
import java.io.IOException;

/** Whether a bucket takes mutations: asked of its state file at each judging. */
@FunctionalInterface
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

    /** What a bucket says to a mutation whose ingress saw it in that generation. */
    Admission look(BucketName bucket, long generation) throws IOException;

    /** By the buckets' state files. */
    static BucketCheck of(BucketStates states) {
        return (bucket, generation) -> states.read(bucket)
                .filter(s -> s.generation() == generation)
                .map(s -> s.status() == BucketState.Status.OPEN ? Admission.OPEN : Admission.CLOSING)
                .orElse(Admission.GONE);
    }
}
