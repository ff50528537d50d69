package io.linchpin.cluster.multipart;

import io.linchpin.cluster.api.Multipart;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.value.BucketName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Removes the uploads that ended long ago, and aborts those of buckets that are no more, and, where that is wished, those that
 * were begun too long ago. An abort goes to the upload's session, as a client's does: one that is being completed ends as its completion does. May be run by
 * several nodes at once.
 */
public final class UploadSweep {
    /**
     * What one round did.
     *
     * @param ended how many that had ended were removed
     * @param aborted how many were in progress
     */
    public record Swept(int ended, int aborted) {}

    private final UploadStore store;
    private final Multipart multipart;
    private final BucketLookup buckets;
    private final Executor blocking;
    private final Duration keepEnded;
    private final Optional<Duration> expireAfter;

    public UploadSweep(MultipartServices services, Multipart multipart, BucketLookup buckets) {
        this.buckets = buckets;
        this.store = services.store();
        this.multipart = multipart;
        this.blocking = services.blocking();
        this.keepEnded = services.settings().keepEnded();
        this.expireAfter = services.settings().expireAfter();
    }

    /** One round, elsewhere; fails where the disk does. */
    public CompletionStage<Swept> run(Instant now) {
        return CompletableFuture.supplyAsync(() -> sweepEnded(now), blocking)
                .thenCompose(ended -> abort(toAbort(now)).thenApply(aborted -> new Swept(ended, aborted)));
    }

    private int sweepEnded(Instant now) {
        try {
            return store.sweep(now.minus(keepEnded));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<UploadRecord> toAbort(Instant now) {
        Instant before = expireAfter.map(now::minus).orElse(Instant.MIN);
        List<UploadRecord> uploads = new ArrayList<>();
        try {
            for (BucketName bucket : store.buckets()) {
                Optional<BucketState> state = buckets.read(bucket);
                for (UploadRecord upload : store.inProgress(bucket)) {
                    boolean orphan = state.filter(s -> s.isAnotherThan(upload.bucketGeneration()))
                            .isPresent();
                    if (orphan || upload.initiated().isBefore(before)) {
                        uploads.add(upload);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return uploads;
    }

    /** One after the other: nobody waits for it. What does not answer is left to the next round. */
    private CompletionStage<Integer> abort(List<UploadRecord> uploads) {
        CompletionStage<Integer> aborted = CompletableFuture.completedFuture(0);
        for (UploadRecord upload : uploads) {
            aborted = aborted.thenCompose(n -> multipart
                    .abort(upload.object(), upload.upload())
                    .thenApply(outcome -> outcome instanceof MultipartOutcome.Aborted ? n + 1 : n));
        }
        return aborted;
    }
}
