package io.linchpin.store.publish;

import io.linchpin.posix.Fd;
import io.linchpin.store.layout.Place;
import org.jspecify.annotations.Nullable;

/**
 * A staged pair that its owner still has open.
 *
 * @param data the staged data; the caller closes it
 * @param judged what stood in place when the first of the records was judged, or null where others were pending
 * @param sidecar what there is of a staged sidecar
 */
public record StagedFiles(Fd data, @Nullable Place judged, StagedFiles.Meta sidecar) {
    /** The staged sidecar's file. */
    public enum Meta {
        /** None: it travelled with the message. */
        NONE,
        /** It holds the very bytes that the record does. */
        CURRENT,
        /** The owner has changed the sidecar since. */
        OUTDATED
    }
}
