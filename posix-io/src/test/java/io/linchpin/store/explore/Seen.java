package io.linchpin.store.explore;

import io.linchpin.store.sidecar.Sidecar;
import org.jspecify.annotations.Nullable;

/**
 * What a reader got of one key.
 *
 * @param body null where there was no object
 * @param metadata the sidecar, or null for a foreign file
 */
record Seen(@Nullable String body, @Nullable Sidecar metadata) {
    static final Seen NOTHING = new Seen(null, null);

    /** Which state of the key this is; a violation where body and metadata are not one upload's. */
    KeyState state() {
        if (body == null) {
            return KeyState.ABSENT;
        }
        String head = Bodies.headOf(body);
        if (Bodies.isHandMade(head)) {
            if (metadata != null) {
                throw new Violation("S5: stale metadata over a hand-made file: " + head + " under " + metadata);
            }
            return KeyState.handMade(head);
        }
        if (metadata == null) {
            throw new Violation("S1: an upload without its sidecar: " + head);
        }
        String own = metadata.userMetadata().getOrDefault("body", "");
        if (!head.equals(own)) {
            throw new Violation("S1: " + head + " under the metadata of " + own);
        }
        int op = Integer.parseInt(metadata.userMetadata().getOrDefault("op", "0"));
        return new KeyState(op, metadata.tags().getOrDefault("tag", ""));
    }
}
