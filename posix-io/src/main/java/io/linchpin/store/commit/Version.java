package io.linchpin.store.commit;

import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.layout.Place;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Stamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a key holds at one point of its order: what the next mutation is judged against. */
sealed interface Version {
    /** What stood in place when this was looked at; null for a version that is pending, and not in place yet. */
    @Nullable
    Place place();

    /** No object. */
    record Absent(@Nullable Place place) implements Version {}

    /**
     * An object.
     *
     * @param metadata its sidecar, or what is derived for a foreign file; null where nobody has asked for it yet
     */
    record Present(
            Identity identity,
            boolean foreign,
            @Nullable Sidecar metadata,
            @Nullable Place place) implements Version {
        Sidecar requireMetadata() {
            if (metadata == null) {
                throw new IllegalStateException("conditions are judged against metadata that was not read");
            }
            return metadata;
        }

        ETag etag() {
            return requireMetadata().etag();
        }

        Instant lastModified() {
            Instant own = requireMetadata().lastModified();
            return own != null ? own : new Stamp(identity.mtimeNanos()).instant();
        }
    }

    default @Nullable Identity identityOrNull() {
        return this instanceof Present p ? p.identity() : null;
    }
}
