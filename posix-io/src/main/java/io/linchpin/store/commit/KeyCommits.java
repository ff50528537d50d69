package io.linchpin.store.commit;

import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.journal.LiveRecord;
import io.linchpin.store.layout.Place;
import io.linchpin.store.publish.Fold;
import io.linchpin.store.publish.PublishResult;
import io.linchpin.store.publish.StagedFiles;
import io.linchpin.store.value.ObjectId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key's commits in flight: an entry of the table that outlives the key's actor.
 *
 * <p>A queue in the one order of the key. Its entries are mutations on their way through the journal, and verdicts that
 * change nothing (a 412, a no-op) but were judged against the mutations before them, and so are told after those. What
 * has become durable together is published as one, and acknowledged only once its newest is in place.
 *
 * <pre>
 *   judged ──► durable ──► published ──► answered          and, where publishing is refused:
 *   durable ──► voiding ──► the refused are answered, their successors judged again
 * </pre>
 *
 * Judging and the queue's ends are guarded by the monitor; publishing runs outside it, one at a time.
 */
final class KeyCommits {
    private final LocalShard shard;
    private final Deque<Entry> queue = new ArrayDeque<>();
    private Version tail = new Version.Absent(null);
    private boolean publishing;
    private @Nullable List<Prepared> held;
    private boolean retired;

    KeyCommits(LocalShard shard) {
        this.shard = shard;
    }

    /** One place in the key's order. */
    private sealed interface Entry {
        Prepared prepared();

        Outcome outcome();
    }

    /** Judged, and to be told when all before it has been. */
    private record Verdict(Prepared prepared, Outcome outcome) implements Entry {}

    /** On its way through the journal. */
    private static final class Change implements Entry {
        private final Prepared prepared;
        private final CommitRecord record;
        private final LiveRecord live;
        private final Outcome outcome;
        private final @Nullable Place judged;
        private volatile boolean durable;

        Change(Prepared prepared, CommitRecord record, Outcome outcome, @Nullable Place judged) {
            this.judged = judged;
            this.prepared = prepared;
            this.record = record;
            this.live = new LiveRecord(record);
            this.outcome = outcome;
        }

        @Override
        public Prepared prepared() {
            return prepared;
        }

        @Override
        public Outcome outcome() {
            return outcome;
        }
    }

    /** Takes a mutation. False where this entry has just left the table: the caller gets another. */
    boolean submit(Prepared prepared) throws IOException {
        Outcome now;
        synchronized (this) {
            if (retired) {
                return false;
            }
            try {
                now = judge(prepared);
            } finally {
                retireIfIdle(prepared.mutation.object());
            }
        }
        if (now != null) {
            shard.answer(prepared, now);
        }
        return true;
    }

    /** Leaves the table, in the monitor, where nothing is pending. */
    private void retireIfIdle(ObjectId object) {
        if (queue.isEmpty() && held == null) {
            retired = true;
            shard.retire(object, this);
        }
    }

    /** Judges, in the monitor; the outcome where nothing has to be waited for. */
    private @Nullable Outcome judge(Prepared prepared) throws IOException {
        if (held != null) {
            held.add(prepared);
            return null;
        }
        if (queue.size() >= shard.settings().maxPendingPerKey()) {
            return new Outcome.Busy(Outcome.Wait.LOAD, "too many changes of one key are under way");
        }
        Mutation mutation = prepared.mutation;
        if (queue.isEmpty()) {
            tail = shard.look(mutation.object(), Judge.needsMetadata(mutation));
        }
        // While something is pending, that is what it makes of the key, with its metadata.
        Version current = tail;
        Outcome verdict = Judge.verdict(mutation, current);
        if (verdict != null) {
            if (queue.isEmpty()) {
                return verdict;
            }
            queue.add(new Verdict(prepared, verdict));
            return null;
        }
        commit(prepared, current);
        return null;
    }

    private void commit(Prepared prepared, Version current) throws IOException {
        Judged judged = shard.judged(prepared, current);
        Change change = new Change(prepared, judged.record(), judged.outcome(), current.place());
        tail = judged.after();
        queue.add(change);
        shard.commit(change.live, () -> {
            // On the journal's only writer: no monitor is waited for here.
            change.durable = true;
            shard.publishSoon(this);
        });
    }

    /**
     * Publishes what is durable, as one.
     *
     * @return what is in place now, to be {@link #settle settled} once it is marked; null where nothing is durable, another
     *     thread is at it, or publishing was refused
     */
    @Nullable
    InPlace publish() {
        List<Entry> batch = takeBatch();
        if (batch.isEmpty()) {
            return null;
        }
        List<Change> changes = new ArrayList<>(batch.size());
        for (Entry e : batch) {
            if (e instanceof Change c) {
                changes.add(c);
            }
        }
        if (changes.isEmpty()) {
            return new InPlace(this, batch, List.of());
        }
        return switch (publish(changes)) {
            case PublishResult.InPlace(LiveRecord.Published published) ->
                new InPlace(this, batch, published(changes, published));
            case PublishResult.Refused refused -> {
                voidAll(batch.size(), refused);
                yield null;
            }
        };
    }

    /**
     * Entries of one key that are in place, and not told yet.
     *
     * @param records to be marked as published before they are told
     */
    record InPlace(KeyCommits key, List<Entry> batch, List<CommitRecord.Id> records) {}

    private static boolean isReady(@Nullable Entry e) {
        return e instanceof Verdict || (e instanceof Change c && c.durable);
    }

    /** The longest run of entries from the head in which every change is durable; empty where somebody publishes. */
    private synchronized List<Entry> takeBatch() {
        List<Entry> batch = new ArrayList<>();
        if (publishing || held != null) {
            return batch;
        }
        for (Entry e : queue) {
            if (!isReady(e)) {
                break;
            }
            batch.add(e);
        }
        publishing = !batch.isEmpty();
        return batch;
    }

    private PublishResult publish(List<Change> changes) {
        StagedFiles staged = null;
        List<CommitRecord> records = new ArrayList<>(changes.size());
        for (Change c : changes) {
            records.add(c.record);
            if (c.record.kind() == Kind.PUT) {
                staged = new StagedFiles(
                        c.prepared.requireStaged(), changes.getFirst().judged, c.prepared.stagedMeta(c.record));
            }
        }
        return shard.publish(Fold.of(records), staged);
    }

    private List<CommitRecord.Id> published(List<Change> changes, LiveRecord.Published published) {
        CommitRecord.Id newest = newestData(changes);
        List<CommitRecord.Id> ids = new ArrayList<>(changes.size());
        for (int i = 0; i < changes.size(); i++) {
            Change c = changes.get(i);
            boolean last = i == changes.size() - 1;
            c.live.setPublished(last ? published : LiveRecord.Published.NOTHING);
            ids.add(c.record.id());
            if (c.record.kind() == Kind.PUT && !c.record.id().equals(newest)) {
                shard.discardStaged(c.record);
            }
        }
        return ids;
    }

    /** Tells what is in place and marked. Whether the next of this key can be published at once. */
    boolean settle(InPlace done) {
        boolean more;
        synchronized (this) {
            for (int i = 0; i < done.batch.size(); i++) {
                queue.removeFirst();
            }
            publishing = false;
            more = isReady(queue.peek());
            retireIfIdle(done.batch.getFirst().prepared().mutation.object());
        }
        for (Entry e : done.batch) {
            shard.answer(e.prepared(), e.outcome());
        }
        return more;
    }

    private static CommitRecord.@Nullable Id newestData(List<Change> changes) {
        for (Change c : changes.reversed()) {
            if (c.record.kind() == Kind.PUT || c.record.kind() == Kind.DELETE) {
                return c.record.id();
            }
        }
        return null;
    }

    /**
     * Voids everything of the key that is in the journal: the changes that could not be published, and those that were
     * judged after them. Journal order makes the voids durable after all that they void. The newest goes first: each may
     * become durable without the next, and what is left is then an order that a replay can publish. Without an older
     * record the newer ones would seem to have been judged against a file that nobody knows.
     */
    private void voidAll(int refusedEntries, PublishResult.Refused refused) {
        List<Entry> all;
        synchronized (this) {
            held = new ArrayList<>();
            all = List.copyOf(queue);
        }
        List<Change> changes = new ArrayList<>();
        for (Entry e : all) {
            if (e instanceof Change c) {
                changes.add(c);
            }
        }
        // Before, for who takes over passes over what is voided; while the records count, a replay would name it again.
        changes.forEach(c -> shard.discardSidecar(c.record));
        for (int i = changes.size() - 1; i >= 0; i--) {
            LiveRecord v = LiveRecord.voidOf(changes.get(i).record);
            boolean last = i == 0;
            shard.commit(v, last ? () -> shard.soon(() -> voided(all, refusedEntries, changes, refused)) : () -> {});
        }
    }

    private void voided(List<Entry> all, int refusedEntries, List<Change> changes, PublishResult.Refused refused) {
        for (Change c : changes) {
            c.live.setPublished(LiveRecord.Published.NOTHING);
        }
        List<Prepared> again = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Entry e = all.get(i);
            if (i < refusedEntries && e instanceof Change c) {
                shard.discardStaged(c.record);
                shard.answer(c.prepared, new Outcome.Failed(refused.errno(), refused.call()));
            } else {
                again.add(e.prepared());
            }
        }
        synchronized (this) {
            again.addAll(held == null ? List.of() : held);
            held = null;
            publishing = false;
            queue.clear();
            retired = true;
            shard.retire(changes.getFirst().record.object(), this);
        }
        again.forEach(shard::judgeAgain);
    }

    /** A change that was judged: its record, what the key holds after it, and what its client will be told. */
    record Judged(CommitRecord record, Version after, Outcome outcome) {}
}
