package io.linchpin.store.commit;

import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import io.linchpin.store.bucket.BucketCheck;
import io.linchpin.store.commit.KeyCommits.Judged;
import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.journal.CommitRecord.Staged;
import io.linchpin.store.journal.LiveRecord;
import io.linchpin.store.layout.Names;
import io.linchpin.store.publish.Fold;
import io.linchpin.store.publish.PublishResult;
import io.linchpin.store.publish.StagedFiles;
import io.linchpin.store.recovery.TakeOver.Taken;
import io.linchpin.store.shard.Ledger;
import io.linchpin.store.shard.ShardFile;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarCodec;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A shard that this process owns, over its locked file and the node's journal. */
final class LocalShard implements OwnedShard {
    /** How far ahead of the clock stamps are reserved in the ledger, which is written once in so long, at most. */
    static final long STAMP_LEASE_NANOS = 5_000_000_000L;

    /** Beyond this a stamp is ahead of the clock, and Last-Modified goes into the sidecar. */
    private static final long STAMP_SKEW_NANOS = 1_000_000L;

    private final LocalShardStore store;
    private final ShardFile file;
    private final long epoch;
    private final long firstStamp;
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong lastStamp;
    private final Gate gate;
    private final Answers answers;
    private final Map<ObjectId, KeyCommits> keys = new ConcurrentHashMap<>();
    private final Map<UploadId, Prepared> judged = new ConcurrentHashMap<>();
    private volatile long stampCeiling;

    LocalShard(LocalShardStore store, ShardFile file, Taken taken) {
        this.store = store;
        this.file = file;
        this.epoch = taken.epoch();
        this.firstStamp = file.ledger().stampFloor();
        this.stampCeiling = firstStamp;
        this.lastStamp = new AtomicLong(firstStamp);
        this.gate = new Gate();
        this.answers = new Answers(taken.answers(), store::bootNanos);
    }

    @Override
    public int number() {
        return file.number();
    }

    @Override
    public long epoch() {
        return epoch;
    }

    CommitSettings settings() {
        return store.settings();
    }

    @Override
    public void submit(Mutation mutation, boolean resend, Consumer<Outcome> reply) {
        Prepared known = judged.get(mutation.id());
        if (known != null) {
            known.addReply(reply);
            return;
        }
        Outcome recorded = answers.of(mutation.id());
        if (recorded != null) {
            reply.accept(recorded);
            return;
        }
        if (resend && !(mutation instanceof Mutation.Put)) {
            // An earlier owner may have applied it and forgotten it since; there is no staged pair to tell.
            reply.accept(new Outcome.Unknown());
            return;
        }
        long ticket = gate.enter();
        if (ticket == Gate.CLOSED) {
            reply.accept(new Outcome.Busy(Outcome.Wait.CHANGE, "the shard is moving to another node"));
            return;
        }
        Outcome refusal = store.enter(mutation);
        if (refusal != null) {
            gate.leave(ticket);
            reply.accept(refusal);
            return;
        }
        prepare(mutation, resend, ticket, reply);
    }

    private void prepare(Mutation mutation, boolean resend, long ticket, Consumer<Outcome> reply) {
        Prepared prepared;
        try {
            prepared = Prepared.of(store.root(), mutation, ticket);
        } catch (PosixException e) {
            leave(mutation, ticket);
            // The pair is given away with the first message: where it is gone, somebody has judged it.
            boolean gone = e.errno() == Errno.ENOENT;
            if (resend && !gone) {
                // Whether an earlier owner has judged it the pair would say. Certain is only that this message was not.
                reply.accept(new Outcome.Busy(Outcome.Wait.CHANGE, "what is staged cannot be read: " + e.getMessage()));
                return;
            }
            if (!gone && mutation instanceof Mutation.Put put) {
                store.discardStaged(put.stagedBy(), put.id());
            }
            reply.accept(gone ? new Outcome.Unknown() : new Outcome.Failed(e.errno(), e.call()));
            return;
        } catch (RuntimeException e) {
            leave(mutation, ticket);
            throw e;
        }
        prepared.addReply(reply);
        judged.put(mutation.id(), prepared);
        judge(prepared);
    }

    private void judge(Prepared prepared) {
        Mutation mutation = prepared.mutation;
        try {
            BucketCheck.Admission admission = store.admits(mutation);
            if (admission != BucketCheck.Admission.OPEN) {
                // Closing is not gone: the mutation may be sent again, and the bucket may be open by then.
                boolean gone = admission == BucketCheck.Admission.GONE;
                answer(
                        prepared,
                        gone
                                ? new Outcome.NoSuchBucket()
                                : new Outcome.Busy(Outcome.Wait.CHANGE, "the bucket is being deleted"));
                return;
            }
            while (!keys.computeIfAbsent(mutation.object(), k -> new KeyCommits(this))
                    .submit(prepared)) {
                Thread.onSpinWait();
            }
        } catch (PosixException e) {
            answer(prepared, new Outcome.Failed(e.errno(), e.call()));
        } catch (IOException e) {
            store.logUnreadable(mutation.object(), e);
            answer(prepared, new Outcome.Failed(Errno.EIO, "judge"));
        } catch (RuntimeException e) {
            // Whoever called may live on, and the mutation stay in the gate: the shard could not be given up any more.
            store.stopForJudging(mutation.object(), e);
            throw e;
        }
    }

    void judgeAgain(Prepared prepared) {
        judge(prepared);
    }

    /** Tells a mutation's outcome, and forgets the mutation. A pair that was refused is nobody's any more. */
    void answer(Prepared prepared, Outcome outcome) {
        Mutation mutation = prepared.mutation;
        if (!(outcome instanceof Outcome.Busy)) {
            answers.record(mutation.id(), outcome);
            if (mutation instanceof Mutation.Put put && !(outcome instanceof Outcome.Committed)) {
                store.discardStaged(put.stagedBy(), put.id());
            }
        }
        judged.remove(mutation.id());
        leave(mutation, prepared.ticket);
        prepared.answer(outcome);
    }

    private void leave(Mutation mutation, long ticket) {
        store.leave(mutation);
        gate.leave(ticket);
    }

    Version look(ObjectId object, boolean withMetadata) throws IOException {
        return store.look().look(object, withMetadata);
    }

    /** Makes the record of a mutation that is to be committed: gives it its stamp and its place in the order. */
    Judged judged(Prepared prepared, Version current) throws IOException {
        Mutation mutation = prepared.mutation;
        CommitRecord.Id id = new CommitRecord.Id(number(), epoch, sequence.incrementAndGet());
        Identity base = current.identityOrNull();
        return switch (mutation) {
            case Mutation.Put put -> {
                Stamp stamp = nextStamp();
                byte[] sidecar = prepared.sidecar;
                Sidecar metadata = prepared.metadata();
                Instant modified = metadata.lastModified();
                boolean ahead = stamp.nanos() - store.stamps().nowNanos() > STAMP_SKEW_NANOS;
                if (modified == null && ahead) {
                    modified = new Stamp(store.stamps().nowNanos()).instant();
                    metadata = metadata.withLastModified(modified);
                    sidecar = SidecarCodec.encode(metadata);
                }
                Staged staged = new Staged(put.stagedBy(), put.inode(), put.size());
                CommitRecord record = new CommitRecord(
                        Kind.PUT,
                        id,
                        put.id(),
                        put.object(),
                        stamp,
                        base,
                        staged,
                        sidecar,
                        prepared.inline,
                        put.bucketGeneration());
                Identity after = new Identity(put.inode(), stamp.nanos(), put.size());
                yield new Judged(
                        record,
                        new Version.Present(after, false, metadata, null),
                        committed(stamp, metadata.etag(), modified));
            }
            case Mutation.Delete delete ->
                new Judged(
                        new CommitRecord(
                                Kind.DELETE,
                                id,
                                delete.id(),
                                delete.object(),
                                nextStamp(),
                                base,
                                null,
                                new byte[0],
                                null,
                                delete.bucketGeneration()),
                        new Version.Absent(null),
                        new Outcome.Deleted(true));
            case Mutation.SetTags tags -> {
                if (!(current instanceof Version.Present present) || base == null) {
                    throw new IllegalStateException("metadata of nothing is changed: " + tags.object());
                }
                Sidecar metadata = present.requireMetadata().withTags(tags.tags());
                Stamp stamp = new Stamp(base.mtimeNanos());
                CommitRecord record = new CommitRecord(
                        Kind.META,
                        id,
                        tags.id(),
                        tags.object(),
                        stamp,
                        base,
                        null,
                        SidecarCodec.encode(metadata),
                        null,
                        tags.bucketGeneration());
                yield new Judged(
                        record,
                        new Version.Present(base, false, metadata, null),
                        committed(stamp, metadata.etag(), metadata.lastModified()));
            }
        };
    }

    private static Outcome committed(Stamp stamp, ETag etag, @Nullable Instant lastModified) {
        return new Outcome.Committed(stamp, etag, lastModified != null ? lastModified : stamp.instant());
    }

    /** A stamp below the ledger's floor: the floor is raised first where it is not, for it outlives us and the clock. */
    private Stamp nextStamp() throws IOException {
        Stamp stamp = store.stamps().next(firstStamp);
        lastStamp.accumulateAndGet(stamp.nanos(), Math::max);
        if (stamp.nanos() >= stampCeiling) {
            synchronized (file) {
                if (stamp.nanos() >= stampCeiling) {
                    long ceiling = stamp.nanos() + STAMP_LEASE_NANOS;
                    raiseFloor(ceiling);
                    stampCeiling = ceiling;
                }
            }
        }
        return stamp;
    }

    /** Fails one mutation where nothing was written (a full disk); stops the process where a sync has failed. */
    private void raiseFloor(long ceiling) throws IOException {
        try {
            file.write(file.ledger().withStampFloor(ceiling));
        } catch (PosixException e) {
            if (file.isDoubtful()) {
                store.stopForLedger(file, e);
            }
            throw e;
        }
    }

    void commit(LiveRecord record, Runnable durable) {
        store.commits().commit(record, durable);
    }

    void publishSoon(KeyCommits key) {
        store.publishing().add(key);
    }

    void soon(Runnable task) {
        store.publishing().execute(task);
    }

    PublishResult publish(Fold fold, @Nullable StagedFiles staged) {
        return store.publish(fold, staged);
    }

    /** The pair of an upload that was voided, or superseded: then it is only ever replayed with its superseder. */
    void discardStaged(CommitRecord record) {
        Staged staged = record.staged();
        if (staged != null) {
            store.discardStaged(staged.by(), record.upload());
        }
    }

    /** What a refused publish may have named before it was refused. */
    void discardSidecar(CommitRecord record) {
        if (record.kind() == Kind.PUT) {
            store.unlinkQuietly(Names.sidecar(record.object(), record.stamp()));
        }
    }

    void retire(ObjectId object, KeyCommits key) {
        keys.remove(object, key);
    }

    @Override
    public boolean isUnderWay(UploadId mutation) {
        return judged.containsKey(mutation);
    }

    @Override
    public int inFlight() {
        return gate.inside();
    }

    @Override
    public void closeGate() {
        gate.close();
    }

    @Override
    public void drain() throws InterruptedException {
        gate.awaitDrained();
    }

    @Override
    public void giveUp() throws IOException, InterruptedException {
        closeGate();
        gate.awaitEmpty();
        store.checkpoint();
        Ledger last = file.ledger().withFloor(epoch + 1).withJournals(Set.of());
        // A clean hand-over need not leave the next owner ahead of the clock.
        store.writeLedger(file, last.withStampFloor(Math.min(last.stampFloor(), lastStamp.get() + Stamp.SLOTS)));
        file.close();
    }
}
