package io.linchpin.store.bucket;

import io.linchpin.store.layout.Names;
import io.linchpin.store.value.BucketName;
import java.io.IOException;

/**
 * A bucket's state file is not as it was written, or is of a version not known here. Never a client's fault. It fails what
 * names the bucket, and nothing else: what goes over all buckets goes on.
 */
public final class CorruptBucketStateException extends IOException {
    private static final long serialVersionUID = 1;

    CorruptBucketStateException(BucketName bucket, String why) {
        super("the state of bucket " + bucket + " (" + Names.bucketState(bucket) + ") cannot be read: " + why);
    }
}
