package io.linchpin.http.operation;

import io.linchpin.http.body.BodyDigests;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.staging.OpenPair;
import io.linchpin.store.staging.StagedPair;
import io.linchpin.store.staging.StagedUpload;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ObjectId;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The last steps of every operation that makes an object: the sidecar, the pair, the message to the owner. */
final class Commits {
    private Commits() {}

    /** The sidecar of one upload in one piece. */
    static Sidecar sidecar(
            ObjectId object,
            StagedUpload upload,
            BodyDigests.Result.Good good,
            Map<String, String> headers,
            Map<String, String> userMetadata) {
        Optional<Checksum> checksum = good.checksum();
        return new Sidecar(
                object,
                upload.id(),
                0,
                good.sizeBytes(),
                good.etag(),
                headers,
                userMetadata,
                Map.of(),
                checksums(checksum),
                checksum.map(c -> c.type().name()).orElse(null),
                List.of(),
                null);
    }

    static Map<String, String> checksums(Optional<Checksum> checksum) {
        return checksum.map(c -> Map.of(c.algorithm().name().toLowerCase(Locale.ROOT), c.base64()))
                .orElse(Map.of());
    }

    /** Finishes the staged pair, gives it away, and hands the mutation to the owner. */
    static CompletionStage<Outcome> put(
            Store store, BucketState bucket, StagedUpload upload, Sidecar sidecar, Preconditions preconditions)
            throws IOException {
        StagedPair pair = upload.finish(sidecar);
        OpenPair open = upload.giveAwayOpen();
        CompletionStage<Outcome> outcome = store.gateway()
                .objects()
                .mutate(new Mutation.Put(
                        pair.id(),
                        sidecar.object(),
                        preconditions,
                        bucket.generation(),
                        store.deadlineBootNanos(),
                        pair.stagedBy(),
                        pair.inode(),
                        pair.size(),
                        pair.durable(),
                        sidecar.etag(),
                        pair.sidecarInMessage(),
                        open));
        return open == null ? outcome : outcome.whenComplete((_, _) -> open.close());
    }

    /** What was committed, or the refusal as an exception. */
    static Outcome.Committed committed(Outcome outcome, ObjectId object) {
        if (outcome instanceof Outcome.Committed c) {
            return c;
        }
        throw Failures.of(outcome, object);
    }
}
