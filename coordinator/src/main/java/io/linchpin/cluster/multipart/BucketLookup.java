package io.linchpin.cluster.multipart;

import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.value.BucketName;
import java.io.IOException;
import java.util.Optional;

/** The state of a bucket now; empty where there is none. Blocks. */
@FunctionalInterface
public interface BucketLookup {
    Optional<BucketState> read(BucketName name) throws IOException;
}
