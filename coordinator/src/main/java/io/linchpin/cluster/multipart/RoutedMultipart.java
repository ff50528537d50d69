package io.linchpin.cluster.multipart;

import io.linchpin.cluster.api.Multipart;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.cluster.shard.Post;
import io.linchpin.cluster.shard.Question;
import io.linchpin.cluster.shard.RepeatedAsk;
import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.multipart.CompletionPlan;
import io.linchpin.store.multipart.PartFile;
import io.linchpin.store.multipart.PartRecord;
import io.linchpin.store.multipart.UploadDirectory;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Multipart uploads from any node: what needs no order is done here on the disk, the rest is asked of the upload's session.
 */
public final class RoutedMultipart implements Multipart {
    private static final Logger LOG = LoggerFactory.getLogger(RoutedMultipart.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration PART_LIMIT = Duration.ofSeconds(30);

    /** A completion may have to copy the object, where it cannot move it. */
    private static final Duration COMPLETE_LIMIT = Duration.ofMinutes(30);

    private final MultipartServices services;
    private final BucketLookup buckets;
    private final Incarnation self;
    private final RepeatedAsk soon;
    private final RepeatedAsk patiently;

    public RoutedMultipart(MultipartServices services, BucketLookup buckets, Incarnation self, Post post) {
        this.services = services;
        this.buckets = buckets;
        this.self = self;
        this.soon = new RepeatedAsk(post, EVERY, PART_LIMIT);
        this.patiently = new RepeatedAsk(post, EVERY, COMPLETE_LIMIT);
    }

    @Override
    public CompletionStage<MultipartOutcome.OfCreate> create(NewUpload upload) {
        return blocking(() -> createNow(upload), RoutedMultipart::failed);
    }

    private MultipartOutcome.OfCreate createNow(NewUpload upload) throws IOException {
        BucketName bucket = upload.object().bucket();
        Optional<BucketState> before = open(bucket);
        if (before.isEmpty()) {
            return new MultipartOutcome.NoSuchBucket();
        }
        Instant now = services.clock().instant();
        UploadId id = timed(now);
        try {
            services.store()
                    .create(new UploadRecord(
                            upload.object(),
                            id,
                            before.get().generation(),
                            now,
                            upload.headers(),
                            upload.userMetadata(),
                            upload.tags(),
                            upload.algorithm(),
                            upload.type()));
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT && open(bucket).isEmpty()) {
                // Its directory went with the bucket's.
                return new MultipartOutcome.NoSuchBucket();
            }
            throw e;
        }
        // Looked at again: a deletion that began meanwhile either found the upload, or is seen here.
        if (open(bucket)
                .filter(s -> s.generation() == before.get().generation())
                .isEmpty()) {
            services.store().remove(bucket, id);
            return new MultipartOutcome.NoSuchBucket();
        }
        return new MultipartOutcome.Created(id);
    }

    private Optional<BucketState> open(BucketName bucket) throws IOException {
        return buckets.read(bucket).filter(s -> s.status() == BucketState.Status.OPEN);
    }

    /** An id whose order is that of initiation: nanoseconds first, then 64 random bits. */
    private UploadId timed(Instant now) {
        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        long random = Long.parseUnsignedLong(services.ids().get().hex(), 0, 16, 16);
        return UploadId.of(nanos, random);
    }

    @Override
    public CompletionStage<MultipartOutcome.OfOpen> openPart(
            ObjectId object, UploadId upload, PartNumber part, long sizeBytes) {
        return blocking(() -> openNow(object, upload, part, sizeBytes), RoutedMultipart::failed);
    }

    private MultipartOutcome.OfOpen openNow(ObjectId object, UploadId upload, PartNumber part, long sizeBytes)
            throws IOException {
        Optional<UploadDirectory> found = inProgress(object, upload);
        if (found.isEmpty()) {
            return new MultipartOutcome.NoSuchUpload();
        }
        UploadRecord record = found.get().record();
        PartFile file;
        try {
            file = PartFile.open(
                    found.get(), self, part, sizeBytes, services.settings().limits(), services.ids());
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                return new MultipartOutcome.NoSuchUpload();
            }
            throw e;
        }
        UploadPart opened = new UploadPart(
                file,
                services,
                prepared -> soon.ask(
                        OwnerId.of(upload),
                        replyTo -> new UploadSession.CommitPart(
                                object.bucket(), prepared.number(), prepared.partId(), replyTo)));
        return new MultipartOutcome.Opened(opened, record.algorithm(), record.type());
    }

    private Optional<UploadDirectory> inProgress(ObjectId object, UploadId upload) throws IOException {
        Optional<UploadDirectory> found = services.store().open(object.bucket(), upload);
        if (found.isEmpty()) {
            return found;
        }
        UploadDirectory u = found.get();
        boolean keep = false;
        try {
            keep = u.record().object().equals(object) && u.durableOutcome().isEmpty();
            return keep ? found : Optional.empty();
        } finally {
            if (!keep) {
                u.close();
            }
        }
    }

    @Override
    public CompletionStage<MultipartOutcome.OfComplete> complete(Completion completion) {
        UploadId listId = services.ids().get();
        return this.<Optional<MultipartOutcome.OfComplete>>blocking(
                        () -> leave(completion, listId), e -> Optional.of(failed(e)))
                .thenCompose(early -> early.isPresent()
                        ? CompletableFuture.completedFuture(early.get())
                        : askToComplete(completion, listId));
    }

    /** Leaves the list of parts for the session; or the answer, where there is no such upload. */
    private Optional<MultipartOutcome.OfComplete> leave(Completion completion, UploadId listId) throws IOException {
        BucketName bucket = completion.object().bucket();
        Optional<UploadDirectory> found = services.store().open(bucket, completion.upload());
        if (found.isEmpty()) {
            return Optional.of(new MultipartOutcome.NoSuchUpload());
        }
        try (UploadDirectory u = found.get()) {
            List<CompletionPlan.Listed> parts = completion.parts().stream()
                    .map(p -> new CompletionPlan.Listed(p.number(), p.etag(), p.checksum()))
                    .toList();
            u.leaveList(listId, parts);
            return Optional.empty();
        }
    }

    private CompletionStage<MultipartOutcome.OfComplete> askToComplete(Completion c, UploadId listId) {
        Function<ActorRef<MultipartOutcome>, Question> question = replyTo -> new UploadSession.Complete(
                c.object(), listId, c.preconditions(), c.objectSizeBytes(), c.checksum(), replyTo);
        return patiently
                .ask(OwnerId.of(c.upload()), question)
                .<MultipartOutcome.OfComplete>handle((outcome, _) ->
                        outcome instanceof MultipartOutcome.OfComplete known ? known : new MultipartOutcome.Unknown())
                .whenCompleteAsync((_, _) -> dropList(c, listId), services.blocking());
    }

    private void dropList(Completion completion, UploadId listId) {
        try {
            Optional<UploadDirectory> found =
                    services.store().open(completion.object().bucket(), completion.upload());
            if (found.isPresent()) {
                try (UploadDirectory u = found.get()) {
                    u.dropList(listId);
                }
            }
        } catch (IOException e) {
            LOG.debug("a list of parts stays until its upload ends", e);
        }
    }

    @Override
    public CompletionStage<MultipartOutcome.OfAbort> abort(ObjectId object, UploadId upload) {
        return soon.<MultipartOutcome>ask(OwnerId.of(upload), replyTo -> new UploadSession.Abort(object, replyTo))
                .handle((outcome, _) ->
                        outcome instanceof MultipartOutcome.OfAbort known ? known : new MultipartOutcome.Unknown());
    }

    @Override
    public CompletionStage<MultipartOutcome.OfListParts> listParts(
            ObjectId object, UploadId upload, int afterPartNumber, int maxParts) {
        return blocking(() -> partsNow(object, upload, afterPartNumber, maxParts), RoutedMultipart::failed);
    }

    private MultipartOutcome.OfListParts partsNow(ObjectId object, UploadId upload, int after, int max)
            throws IOException {
        Optional<UploadDirectory> found = inProgress(object, upload);
        if (found.isEmpty()) {
            return new MultipartOutcome.NoSuchUpload();
        }
        try (UploadDirectory u = found.get()) {
            List<PartRecord> page = u.parts(after, max + 1);
            List<MultipartOutcome.PartView> views = page.stream()
                    .limit(max)
                    .map(p -> new MultipartOutcome.PartView(
                            p.number().value(), p.sizeBytes(), p.md5(), p.checksum(), p.storedAt()))
                    .toList();
            UploadRecord record = u.record();
            return new MultipartOutcome.Parts(views, page.size() > max, record.algorithm(), record.type());
        }
    }

    @Override
    public CompletionStage<MultipartOutcome.OfListUploads> listUploads(UploadQuery query) {
        return blocking(() -> UploadListing.page(inProgress(query.bucket()), query), RoutedMultipart::failed);
    }

    /** Without those of an earlier bucket of the name, which the sweep aborts. */
    private List<UploadRecord> inProgress(BucketName bucket) throws IOException {
        Optional<BucketState> now = buckets.read(bucket);
        return services.store().inProgress(bucket).stream()
                .filter(u ->
                        now.filter(b -> b.isAnotherThan(u.bucketGeneration())).isEmpty())
                .toList();
    }

    private <T> CompletionStage<T> blocking(Callable<T> work, Function<IOException, T> failed) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (IOException e) {
                        return failed.apply(e);
                    } catch (Exception e) {
                        LOG.error("multipart upload", e);
                        return failed.apply(new IOException(e));
                    }
                },
                services.blocking());
    }

    private static MultipartOutcome.Failed failed(IOException e) {
        LOG.warn("multipart upload: {}", e.toString());
        return e instanceof PosixException p
                ? new MultipartOutcome.Failed(p.errno(), p.call())
                : new MultipartOutcome.Failed(Errno.EIO, "multipart");
    }
}
