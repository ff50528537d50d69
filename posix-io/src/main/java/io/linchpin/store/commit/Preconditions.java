package io.linchpin.store.commit;

import io.linchpin.store.value.ETag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a mutation demands of the object that it meets; evaluated by the owner, in its one order. All given must hold.
 *
 * @param ifMatch entity tags of which one must be the object's; the tag {@code *} is any; empty: not asked
 * @param ifNoneMatch entity tags of which none may be the object's; the tag {@code *} is any; empty: not asked
 * @param ifMatchLastModified the object's Last-Modified must be this second (DELETE only)
 * @param ifMatchSize the object's size in bytes must be this (DELETE only)
 */
public record Preconditions(
        List<ETag> ifMatch,
        List<ETag> ifNoneMatch,
        @Nullable Instant ifMatchLastModified,
        @Nullable Long ifMatchSize) {
    public static final ETag ANY = new ETag("*");
    public static final Preconditions NONE = new Preconditions(List.of(), List.of(), null, null);

    public boolean isNone() {
        return ifMatch.isEmpty() && ifNoneMatch.isEmpty() && ifMatchLastModified == null && ifMatchSize == null;
    }
}
