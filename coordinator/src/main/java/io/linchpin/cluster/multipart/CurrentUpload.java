package io.linchpin.cluster.multipart;

import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.Optional;

/** Tells which upload made what an object is now; empty where there is none, or a file made by hand. Blocks. */
@FunctionalInterface
public interface CurrentUpload {
    Optional<UploadId> of(ObjectId object) throws IOException;
}
