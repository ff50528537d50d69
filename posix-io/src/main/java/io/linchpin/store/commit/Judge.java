package io.linchpin.store.commit;

import io.linchpin.posix.Errno;
import io.linchpin.store.value.ETag;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges a mutation against the version that it meets: pure, so that one order of judging gives one history. */
final class Judge {
    private Judge() {}

    /** Whether judging needs the version's metadata, not only its identity. */
    static boolean needsMetadata(Mutation mutation) {
        return mutation instanceof Mutation.SetTags || !mutation.preconditions().isNone();
    }

    /** The outcome of a mutation that changes nothing (refused, or a no-op), or null where it is to be committed. */
    static @Nullable Outcome verdict(Mutation mutation, Version current) {
        return switch (current) {
            case Version.Absent _ -> againstAbsence(mutation);
            case Version.Present present -> againstObject(mutation, present);
        };
    }

    private static @Nullable Outcome againstAbsence(Mutation mutation) {
        return switch (mutation) {
            // If-Match of nothing is 404, of DELETE too. The size and the time that DELETE may ask for are those of
            // an object that is there, as S3 has it: without one it succeeds.
            case Mutation.Delete delete ->
                delete.preconditions().ifMatch().isEmpty() ? new Outcome.Deleted(false) : new Outcome.NoSuchKey();
            case Mutation.SetTags _ -> new Outcome.NoSuchKey();
            case Mutation.Put put -> put.preconditions().ifMatch().isEmpty() ? null : new Outcome.NoSuchKey();
        };
    }

    private static @Nullable Outcome againstObject(Mutation mutation, Version.Present present) {
        Preconditions p = mutation.preconditions();
        if (!p.ifMatch().isEmpty() && !names(p.ifMatch(), present.etag())) {
            return new Outcome.PreconditionFailed("If-Match");
        }
        if (!p.ifNoneMatch().isEmpty() && names(p.ifNoneMatch(), present.etag())) {
            return new Outcome.PreconditionFailed("If-None-Match");
        }
        if (p.ifMatchSize() != null && p.ifMatchSize() != present.identity().size()) {
            return new Outcome.PreconditionFailed("x-amz-if-match-size");
        }
        if (p.ifMatchLastModified() != null
                && !p.ifMatchLastModified()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .equals(present.lastModified().truncatedTo(ChronoUnit.SECONDS))) {
            return new Outcome.PreconditionFailed("x-amz-if-match-last-modified-time");
        }
        if (mutation instanceof Mutation.SetTags && present.foreign()) {
            // It has no sidecar to change, and giving it one would take its mtime for a stamp.
            return new Outcome.Failed(Errno.EOPNOTSUPP, "tag a foreign file");
        }
        return null;
    }

    private static boolean names(List<ETag> tags, ETag etag) {
        return tags.contains(Preconditions.ANY) || tags.contains(etag);
    }
}
