package io.linchpin.cluster.multipart;

import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.api.MultipartOutcome.OfComplete;
import io.linchpin.cluster.multipart.UploadSession.Complete;
import io.linchpin.cluster.object.Delivery;
import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.multipart.Attempt;
import io.linchpin.store.multipart.CompletionPlan;
import io.linchpin.store.multipart.PartRecord;
import io.linchpin.store.multipart.SentAttempt;
import io.linchpin.store.multipart.UploadDirectory;
import io.linchpin.store.multipart.UploadOutcome;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The blocking half of an upload's session: every step of it on the disk. One call at a time.
 *
 * <p>A completion, in this order: the mark; the completed file; the mark that it may have been sent; the owner's answer;
 * the outcome, or the marks taken away. A session that begins finds by the marks how far another one came.
 */
final class SessionFiles {
    /** After a mutation's deadline, for so long may a message that carries it still be under way. */
    private static final long STRAGGLER_NANOS = 60_000_000_000L;

    /** For the last step of a session that was stopped; copying an object is the longest. */
    private static final Duration STEP_PATIENCE = Duration.ofMinutes(10);

    /** As many records as this are kept in memory, some 0.5 MiB; of larger uploads the rest is read again. */
    private static final int MAX_KNOWN = 1024;

    private final MultipartServices services;
    private final UploadId upload;

    /** Records that this session committed: completing need not open a file a part. One step at a time uses it. */
    private final Map<UploadId, PartRecord> known = new HashMap<>();

    SessionFiles(MultipartServices services, UploadId upload) {
        this.services = services;
        this.upload = upload;
    }

    /** What a step of a completion comes to. */
    sealed interface Step {
        /** Nothing is to be sent: this is the answer. */
        record Answer(OfComplete outcome) implements Step {}

        /** This is the answer, and after it the parts may be freed. */
        record Ended(OfComplete outcome, BucketName bucket) implements Step {}

        /** The mutation is to be sent to the key's owner. */
        record Send(SentAttempt sent, boolean resend) implements Step {}

        /** Nobody can tell yet: to be asked again, and meanwhile Unknown. */
        record AskAgain(SentAttempt sent) implements Step {}
    }

    private Optional<UploadDirectory> open(BucketName bucket) throws IOException {
        try {
            return services.store().openForSession(bucket, upload, STEP_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PosixException(Errno.EINTR, "fcntl", upload.hex());
        }
    }

    /** What an earlier session left unfinished: a mutation to ask about, if one may have been sent. */
    Optional<SentAttempt> recover(BucketName bucket) throws IOException {
        Optional<UploadDirectory> found = open(bucket);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (UploadDirectory u = found.get()) {
            if (u.outcome().isPresent()) {
                // Free already, unless a session ended just before it.
                u.free();
                return Optional.empty();
            }
            if (u.attempt().isEmpty()) {
                return Optional.empty();
            }
            Optional<SentAttempt> sent = u.sent();
            if (sent.isEmpty()) {
                u.reopen();
            }
            return sent;
        }
    }

    /** Commits prepared parts; the outcomes in the same order. */
    List<MultipartOutcome.OfPart> commit(BucketName bucket, List<UploadDirectory.Prepared> parts) throws IOException {
        Optional<UploadDirectory> found = open(bucket);
        if (found.isEmpty()) {
            return parts.stream().map(_ -> gone()).toList();
        }
        try (UploadDirectory u = found.get()) {
            if (u.outcome().isPresent()) {
                return parts.stream().map(_ -> gone()).toList();
            }
            List<Optional<PartRecord>> records = u.commit(parts);
            records.forEach(record -> record.ifPresent(this::keep));
            return records.stream()
                    // Withdrawn, then nobody listens; or committed, and replaced before it was asked for again.
                    .map(record -> record.map(SessionFiles::stored).orElseGet(MultipartOutcome.Unknown::new))
                    .toList();
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                return parts.stream().map(_ -> gone()).toList();
            }
            throw e;
        }
    }

    private void keep(PartRecord record) {
        if (known.size() < MAX_KNOWN) {
            known.put(record.partId(), record);
        }
    }

    private static MultipartOutcome.OfPart gone() {
        return new MultipartOutcome.NoSuchUpload();
    }

    private static MultipartOutcome.OfPart stored(PartRecord record) {
        return new MultipartOutcome.Stored(record.md5(), record.checksum(), record.storedAt());
    }

    /** Judges a request to complete, and makes the completed file. */
    Step begin(Complete request) throws IOException {
        Optional<UploadDirectory> found = open(request.object().bucket());
        if (found.isEmpty()) {
            return new Step.Answer(new MultipartOutcome.NoSuchUpload());
        }
        try (UploadDirectory u = found.get()) {
            Optional<List<CompletionPlan.Listed>> listed = u.list(request.listId());
            if (!u.record().object().equals(request.object()) || listed.isEmpty()) {
                return new Step.Answer(new MultipartOutcome.NoSuchUpload());
            }
            Optional<UploadOutcome> ended = u.outcome();
            if (ended.isPresent()) {
                return new Step.Answer(repeat(ended.get(), CompletionPlan.listDigest(listed.get())));
            }
            CompletionPlan.Request asked =
                    new CompletionPlan.Request(listed.get(), request.objectSizeBytes(), request.checksum());
            CompletionPlan plan = CompletionPlan.of(
                    u.record(), u.parts(known), asked, services.settings().minPartBytes());
            return switch (plan) {
                case CompletionPlan.Plan p -> stage(u, p, request);
                case CompletionPlan.InvalidPart(int number, ETag etag) ->
                    new Step.Answer(new MultipartOutcome.InvalidPart(number, etag));
                case CompletionPlan.InvalidPartOrder() -> new Step.Answer(new MultipartOutcome.InvalidPartOrder());
                case CompletionPlan.PartTooSmall(int number, ETag etag, long size) ->
                    new Step.Answer(new MultipartOutcome.PartTooSmall(number, etag, size));
                case CompletionPlan.SizeMismatch(long size) -> new Step.Answer(new MultipartOutcome.SizeMismatch(size));
                case CompletionPlan.ChecksumMismatch mismatch ->
                    new Step.Answer(new MultipartOutcome.ChecksumMismatch(mismatch.actual()));
            };
        }
    }

    private static OfComplete repeat(UploadOutcome ended, String listDigest) {
        if (!ended.listDigest().equals(listDigest)) {
            return new MultipartOutcome.NoSuchUpload();
        }
        return ended.known() ? completed(ended) : new MultipartOutcome.Unknown();
    }

    private static OfComplete completed(UploadOutcome ended) {
        return new MultipartOutcome.Completed(ended.etag(), ended.checksum(), ended.sizeBytes());
    }

    private Step stage(UploadDirectory u, CompletionPlan.Plan plan, Complete request) throws IOException {
        Attempt attempt = new Attempt(services.ids().get(), plan.listDigest());
        Mutation.Put put = null;
        boolean marked = false;
        try {
            u.begin(attempt, services.ids().get());
            put = services.completion()
                    .stage(
                            u,
                            plan,
                            attempt,
                            request.preconditions(),
                            () -> services.bootNanos().getAsLong()
                                    + services.settings().deadline().toNanos());
            SentAttempt sent = new SentAttempt(plan.listDigest(), put, plan.checksum());
            u.markSent(sent, services.ids().get());
            marked = true;
            return new Step.Send(sent, false);
        } catch (PosixException e) {
            if (e.errno() == Errno.EFBIG) {
                return new Step.Answer(new MultipartOutcome.ObjectTooLarge(plan.sizeBytes()));
            }
            throw e;
        } finally {
            if (!marked) {
                u.reopen();
                if (put != null) {
                    // Never sent. After the marks are gone, as in reopen below.
                    services.completion().discard(put);
                }
            }
        }
    }

    /** What the owner's word, or the lack of one, makes of the upload. */
    Step settle(SentAttempt sent, Delivery delivery) throws IOException {
        return switch (delivery.outcome()) {
            case Outcome.Committed _ -> end(sent, true);
            case Outcome.PreconditionFailed(String condition) ->
                reopen(sent, new MultipartOutcome.PreconditionFailed(condition));
            case Outcome.NoSuchKey() -> reopen(sent, new MultipartOutcome.NoSuchKey());
            case Outcome.NoSuchBucket() -> reopen(sent, new MultipartOutcome.NoSuchBucket());
            case Outcome.Busy(var _, String why) -> reopen(sent, new MultipartOutcome.Busy(why));
            case Outcome.Failed(int errno, String call) -> reopen(sent, new MultipartOutcome.Failed(errno, call));
            case Outcome.Unknown() -> unknown(sent, delivery);
            case Outcome.Deleted _ -> throw new IllegalStateException("a completion was answered as a deletion");
        };
    }

    private Step unknown(SentAttempt sent, Delivery delivery) throws IOException {
        Mutation.Put put = sent.put();
        if (services.current().of(put.object()).filter(put.id()::equals).isPresent()) {
            return end(sent, true);
        }
        if (delivery.answered()) {
            return end(sent, false);
        }
        long now = services.bootNanos().getAsLong();
        if (delivery.refused() && now - put.deadlineBootNanos() > STRAGGLER_NANOS) {
            if (!services.completion().isStaged(put)) {
                // An owner that has forgotten it, or died, had judged it: nobody can tell how.
                return end(sent, false);
            }
            // Too late to be judged, no message of it under way, the owner does not know it, and none has begun on it.
            return reopen(sent, new MultipartOutcome.Busy("the completion was not judged in time"));
        }
        return new Step.AskAgain(sent);
    }

    private Step end(SentAttempt sent, boolean isKnown) throws IOException {
        Mutation.Put put = sent.put();
        UploadOutcome outcome = new UploadOutcome(
                isKnown,
                sent.listDigest(),
                put.etag(),
                sent.checksum(),
                put.size(),
                services.clock().instant());
        Optional<UploadDirectory> found = open(put.object().bucket());
        if (found.isPresent()) {
            try (UploadDirectory u = found.get()) {
                if (isCurrent(u, sent)) {
                    u.end(outcome, services.ids().get());
                }
            }
        }
        return new Step.Ended(
                isKnown ? completed(outcome) : new MultipartOutcome.Unknown(),
                put.object().bucket());
    }

    /** Frees the parts, where the upload has ended. */
    void free(BucketName bucket) throws IOException {
        known.clear();
        Optional<UploadDirectory> found = open(bucket);
        if (found.isPresent()) {
            try (UploadDirectory u = found.get()) {
                if (u.outcome().isPresent()) {
                    u.free();
                }
            }
        }
    }

    private Step reopen(SentAttempt sent, OfComplete answer) throws IOException {
        Optional<UploadDirectory> found = open(sent.put().object().bucket());
        if (found.isPresent()) {
            try (UploadDirectory u = found.get()) {
                if (isCurrent(u, sent)) {
                    u.reopen();
                    // A refusal removed the pair with the mutation; who was too busy to judge left it. After the marks
                    // are gone, or the next session would find a mutation without a pair, and could not tell why.
                    services.completion().discard(sent.put());
                }
            }
        }
        return new Step.Answer(answer);
    }

    /** Not so where another session has settled it already. */
    private static boolean isCurrent(UploadDirectory u, SentAttempt sent) throws IOException {
        return u.outcome().isEmpty()
                && u.attempt().filter(a -> a.mutation().equals(sent.put().id())).isPresent();
    }

    MultipartOutcome.OfAbort abort(UploadSession.Abort request) throws IOException {
        BucketName bucket = request.object().bucket();
        Optional<UploadDirectory> found = open(bucket);
        if (found.isEmpty()) {
            return new MultipartOutcome.NoSuchUpload();
        }
        try (UploadDirectory u = found.get()) {
            if (!u.record().object().equals(request.object()) || u.outcome().isPresent()) {
                return new MultipartOutcome.NoSuchUpload();
            }
        }
        return services.store().remove(bucket, upload)
                ? new MultipartOutcome.Aborted()
                : new MultipartOutcome.NoSuchUpload();
    }
}
