package io.linchpin.cluster.api;

import io.linchpin.store.value.BucketName;
import java.util.concurrent.CompletionStage;

/** Changes of buckets, ordered by each bucket's one actor. Reading them needs no actor and is not here. */
public interface Buckets {
    /**
     * Makes a bucket, durably. The stage never fails.
     *
     * @param region the LocationConstraint, or empty
     */
    CompletionStage<BucketOutcome.OfCreate> create(BucketName name, String region);

    /** Removes an empty bucket; its uploads in progress are aborted. The stage never fails. */
    CompletionStage<BucketOutcome.OfDelete> delete(BucketName name);
}
