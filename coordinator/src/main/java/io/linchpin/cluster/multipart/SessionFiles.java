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
import java.util.function.BooleanSupplier;

/**
 * The blocking half of an upload's session: every step of it on the disk. One call at a time. Each step runs under a lock of
 * the upload's own, and not at all once its session has stopped: so a step that a session left behind, perhaps waiting for a
 * thread, never runs beside, or after, one of the next session.
 *
 * <p>A completion, in this order: the mark; the completed file; the mark that it may have been sent; the owner's answer;
 * the outcome, or the marks taken away; then the parts are freed, or the staged pair is removed. A session that begins finds
 * by the marks how far another one came, and asks the owner under the same id. What it then learns, by who has died:
 *
 * <ul>
 *   <li>the session's node, before the mark that it was sent: the upload is open again, its parts untouched;
 *   <li>the same, after the mark and before the owner heard: the pair is where it was staged, for while the mark is there no
 *       sweep takes it. Until its deadline the owner judges it now. Later the owner says so, and the upload is open again:
 *       a completion whose client went away long ago must not overwrite what came since;
 *   <li>the same, after the owner heard: the owner tells what it has told before, or the object in place says that it is this
 *       one;
 *   <li>the owner, before its record was durable: as if it had not heard. After: it is replayed before anybody is answered,
 *       which takes the staged sidecar away, and the next owner knows the outcome from the record;
 *   <li>both: one after the other as above. Only what an owner has refused and nobody was told of, or what was replaced
 *       since its answer was forgotten, cannot be told any more: then the outcome stays unknown;
 *   <li>the power: marks and pair were durable before anything was sent. The deadline is of another boot's clock, so that
 *       the owner may judge it now; the rest is as above.
 * </ul>
 *
 * <p>So a staged sidecar is the proof that nobody has committed the pair, and its absence that somebody may have: never are
 * both the pair judged and the upload opened again. That one session does not open what another is asking for again, each that
 * takes a completion up marks it as its own, and what was marked since is not settled.
 */
final class SessionFiles {
    /** After a mutation's deadline, for so long may a message that carries it still be under way. */
    private static final long STRAGGLER_NANOS = 60_000_000_000L;

    /** For the last step of a session that was stopped; copying an object is the longest. */
    private static final Duration STEP_PATIENCE = Duration.ofMinutes(10);

    /** While a step waits it looks so often whether its own session has stopped. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** As many records as this are kept in memory, some 0.5 MiB; of larger uploads the rest is read again. */
    private static final int MAX_KNOWN = 1024;

    private final MultipartServices services;
    private final UploadId upload;
    private final BooleanSupplier stopped;

    /** Records that this session committed: completing need not open a file a part. One step at a time uses it. */
    private final Map<UploadId, PartRecord> known = new HashMap<>();

    /**
     * Of one session.
     *
     * @param stopped whether that has stopped: its steps do nothing any more
     */
    SessionFiles(MultipartServices services, UploadId upload, BooleanSupplier stopped) {
        this.services = services;
        this.upload = upload;
        this.stopped = stopped;
    }

    /** A step of a session that has stopped: nothing was done. */
    static final class Stopped extends IOException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("this session has stopped");
        }
    }

    private Optional<UploadDirectory> open(BucketName bucket) throws IOException {
        Optional<UploadDirectory> found;
        try {
            found = openOnceFree(bucket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PosixException(Errno.EINTR, "fcntl", upload.hex());
        }
        // Under the lock: from here on the next session waits.
        if (stopped.getAsBoolean()) {
            found.ifPresent(UploadDirectory::close);
            throw new Stopped();
        }
        return found;
    }

    /**
     * Waits for the last step of an earlier session, but not beyond the end of this one: under load a session is stopped as one
     * owner too many, and the next one waits, and so on: they would take all threads for as long as that step lasts.
     */
    private Optional<UploadDirectory> openOnceFree(BucketName bucket) throws IOException, InterruptedException {
        for (long left = STEP_PATIENCE.dividedBy(LOOK); ; left--) {
            try {
                return services.store().openForSession(bucket, upload, LOOK);
            } catch (PosixException e) {
                if (e.errno() != Errno.EBUSY || left == 0) {
                    throw e;
                }
                if (stopped.getAsBoolean()) {
                    throw new Stopped();
                }
            }
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
                return sent;
            }
            SentAttempt ours = sent.get().heldBy(services.ids().get());
            u.markSent(ours, services.ids().get());
            return Optional.of(ours);
        }
    }

    /** Commits prepared parts; the outcomes in the same order. */
    List<MultipartOutcome.OfPart> commit(BucketName bucket, List<UploadDirectory.Prepared> parts) throws IOException {
        Optional<UploadDirectory> found = open(bucket);
        if (found.isEmpty()) {
            return parts.stream().map(_ -> gone()).toList();
        }
        try (UploadDirectory u = found.get()) {
            if (u.durableOutcome().isPresent()) {
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
    CompletionStep begin(Complete request) throws IOException {
        Optional<UploadDirectory> found = open(request.object().bucket());
        if (found.isEmpty()) {
            return new CompletionStep.Answer(new MultipartOutcome.NoSuchUpload());
        }
        try (UploadDirectory u = found.get()) {
            Optional<List<CompletionPlan.Listed>> listed = u.list(request.listId());
            if (!u.record().object().equals(request.object()) || listed.isEmpty()) {
                return new CompletionStep.Answer(new MultipartOutcome.NoSuchUpload());
            }
            Optional<UploadOutcome> ended = u.durableOutcome();
            if (ended.isPresent()) {
                return new CompletionStep.Answer(repeat(ended.get(), CompletionPlan.listDigest(listed.get())));
            }
            if (u.attempt().isPresent()) {
                // Another session's, or one of ours that could not be taken back: looked for before the next request.
                return new CompletionStep.Answer(new MultipartOutcome.Unknown());
            }
            CompletionPlan.Request asked =
                    new CompletionPlan.Request(listed.get(), request.objectSizeBytes(), request.checksum());
            CompletionPlan plan = CompletionPlan.of(
                    u.record(), u.parts(known), asked, services.settings().minPartBytes());
            return switch (plan) {
                case CompletionPlan.Plan p -> stage(u, p, request);
                case CompletionPlan.InvalidPart(int number, ETag etag) ->
                    new CompletionStep.Answer(new MultipartOutcome.InvalidPart(number, etag));
                case CompletionPlan.InvalidPartOrder() ->
                    new CompletionStep.Answer(new MultipartOutcome.InvalidPartOrder());
                case CompletionPlan.PartTooSmall(int number, ETag etag, long size) ->
                    new CompletionStep.Answer(new MultipartOutcome.PartTooSmall(number, etag, size));
                case CompletionPlan.SizeMismatch(long size) ->
                    new CompletionStep.Answer(new MultipartOutcome.SizeMismatch(size));
                case CompletionPlan.ChecksumMismatch mismatch ->
                    new CompletionStep.Answer(new MultipartOutcome.ChecksumMismatch(mismatch.actual()));
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

    private CompletionStep stage(UploadDirectory u, CompletionPlan.Plan plan, Complete request) throws IOException {
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
            return new CompletionStep.Send(sent, false);
        } catch (PosixException e) {
            if (e.errno() == Errno.EFBIG) {
                return new CompletionStep.Answer(new MultipartOutcome.ObjectTooLarge(plan.sizeBytes()));
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
    CompletionStep settle(SentAttempt sent, Delivery delivery) throws IOException {
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

    private CompletionStep unknown(SentAttempt sent, Delivery delivery) throws IOException {
        Mutation.Put put = sent.put();
        if (services.current().of(put.object()).filter(put.id()::equals).isPresent()) {
            return end(sent, true);
        }
        if (delivery.answered()) {
            return end(sent, false);
        }
        long late = services.bootNanos().getAsLong() - put.deadlineBootNanos();
        if (delivery.tooLate() || (delivery.refused() && late > STRAGGLER_NANOS)) {
            if (!services.completion().isStaged(put)) {
                // An owner that has forgotten it, or died, had judged it: nobody can tell how.
                return end(sent, false);
            }
            // Too late to be judged, no owner is at it, and none has put it in place.
            return reopen(sent, new MultipartOutcome.Busy("the completion was not judged in time"));
        }
        return new CompletionStep.AskAgain(sent);
    }

    private CompletionStep end(SentAttempt sent, boolean isKnown) throws IOException {
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
        return new CompletionStep.Ended(
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

    private CompletionStep reopen(SentAttempt sent, OfComplete answer) throws IOException {
        Optional<UploadDirectory> found = open(sent.put().object().bucket());
        if (found.isPresent()) {
            try (UploadDirectory u = found.get()) {
                if (!isCurrent(u, sent)) {
                    // What was not judged when we asked may have been since, when another session did.
                    return new CompletionStep.Answer(new MultipartOutcome.Unknown());
                }
                u.reopen();
                // A refusal removed the pair with the mutation; who was too busy to judge left it. After the marks
                // are gone, or the next session would find a mutation without a pair, and could not tell why.
                services.completion().discard(sent.put());
            }
        }
        return new CompletionStep.Answer(answer);
    }

    /** Not so where another session has settled it already, or has it in hand. */
    private static boolean isCurrent(UploadDirectory u, SentAttempt sent) throws IOException {
        return u.outcome().isEmpty()
                && u.attempt().filter(a -> a.mutation().equals(sent.put().id())).isPresent()
                && u.sent().filter(s -> s.holder().equals(sent.holder())).isPresent();
    }

    MultipartOutcome.OfAbort abort(UploadSession.Abort request) throws IOException {
        BucketName bucket = request.object().bucket();
        Optional<UploadDirectory> found = open(bucket);
        if (found.isEmpty()) {
            return new MultipartOutcome.NoSuchUpload();
        }
        try (UploadDirectory u = found.get()) {
            if (!u.record().object().equals(request.object())
                    || u.durableOutcome().isPresent()) {
                return new MultipartOutcome.NoSuchUpload();
            }
            return services.store().remove(bucket, upload)
                    ? new MultipartOutcome.Aborted()
                    : new MultipartOutcome.NoSuchUpload();
        }
    }
}
