package io.linchpin.store.listing;

import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of a listing. */
public sealed interface Listed {
    /**
     * An object.
     *
     * @param size bytes
     * @param checksumAlgorithms names as in the sidecar, in order; perhaps none
     * @param checksumType COMPOSITE or FULL_OBJECT where there are checksums
     * @param foreign whether the file was made by hand, or its sidecar cannot be trusted: then what is said of it is
     *     derived from the file
     */
    record Entry(
            ObjectKey key,
            long size,
            ETag etag,
            Instant lastModified,
            List<String> checksumAlgorithms,
            @Nullable String checksumType,
            boolean foreign)
            implements Listed {}

    /** What several keys begin with, up to and with the delimiter. */
    record CommonPrefix(String prefix) implements Listed {}
}
