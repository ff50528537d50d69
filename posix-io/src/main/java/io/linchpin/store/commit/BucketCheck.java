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

    /** Whether the bucket is there, open, and of the generation that the ingress saw. */
    boolean admits(BucketName bucket, long generation) throws IOException;

    /** The same, and whether a bucket that does not admit is only closing; without a better word it is gone. */
    default Admission look(BucketName bucket, long generation) throws IOException {
        return admits(bucket, generation) ? Admission.OPEN : Admission.GONE;
    }

    /** By the buckets' state files. */
    static BucketCheck of(BucketStates states) {
        return new BucketCheck() {
            @Override
            public boolean admits(BucketName bucket, long generation) throws IOException {
                return look(bucket, generation) == Admission.OPEN;
            }

            @Override
            public Admission look(BucketName bucket, long generation) throws IOException {
                return states.read(bucket)
                        .filter(s -> s.generation() == generation)
                        .map(s -> s.status() == BucketState.Status.OPEN ? Admission.OPEN : Admission.CLOSING)
                        .orElse(Admission.GONE);
            }
        };
    }
}
