package io.linchpin.store.recovery;

import io.linchpin.store.bucket.BucketCheck;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.Journal;
import io.linchpin.store.journal.JournalIndex.Location;
import io.linchpin.store.journal.LiveRecord;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.publish.Publisher;
import io.linchpin.store.shard.Ledger;
import io.linchpin.store.shard.ShardFile;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarCodec;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Taking a shard whose lock we have. The steps, in the order that the protocol's model was checked in:
 *
 * <ol>
 *   <li>the ledger gets epoch + 1 and our journal added: from here on our records count;
 *   <li>the shard's records of epoch ≥ floor are collected from the listed journals;
 *   <li>they are appended to our journal, with their identity and their marks, and synced: a dead node's page cache is
 *       not durable, and a sync of its that failed must not be trusted;
 *   <li>the ledger names only our journal;
 *   <li>what dead nodes left under swap names is looked at;
 *   <li>every key's records are replayed, and marked;
 *   <li>the ledger notes boot and mount, and the shard may be served.
 * </ol>
 *
 * A failure before the first step's sync leaves all as it was. From that sync on the process must stop: its lock then
 * falls, and another take-over starts from what the ledger says.
 */
public final class TakeOver {
    /** Bytes of records appended at once. */
    private static final int APPEND_BYTES = 4 << 20;

    private final StoreRoot root;
    private final Incarnation own;
    private final Journal journal;
    private final JournalArchive archive;
    private final ObjectTree tree;
    private final Publisher publisher;
    private final Boot boot;
    private final BucketCheck buckets;

    public TakeOver(
            StoreRoot root,
            Incarnation own,
            Journal journal,
            JournalArchive archive,
            ObjectTree tree,
            Publisher publisher,
            Boot boot,
            BucketCheck buckets) {
        this.root = root;
        this.own = own;
        this.journal = journal;
        this.archive = archive;
        this.tree = tree;
        this.publisher = publisher;
        this.boot = boot;
        this.buckets = buckets;
    }

    /** How far a take-over has come. */
    public sealed interface Progress {}

    /**
     * To its end: what it hands to the new owner.
     *
     * @param answers outcomes of the mutations that were inherited, by upload id: for ingresses that ask again
     */
    public record Taken(long epoch, Map<UploadId, Outcome> answers) implements Progress {}

    /** To a key that cannot be put in place yet, and must not be dropped. */
    public record Shut(String why) implements Progress {}

    /** One inherited record: where it is in the old journal, and its life in ours. */
    record Heir(Location at, LiveRecord live, boolean marked) {}

    /** Inherited keys in the order of their first records, and what to tell ingresses that ask for them. */
    private record Estate(Map<ObjectId, List<Heir>> keys, Map<UploadId, Outcome> answers) {}

    /** Takes the steps up to the replay. */
    public Begun begin(ShardFile shard) throws IOException {
        Ledger before = shard.ledger();
        if (before.journals().contains(own)) {
            throw new IllegalStateException("shard " + shard.number() + " was left in the middle of a take-over by us");
        }
        Estate estate = new Estate(new LinkedHashMap<>(), new HashMap<>());
        JournalArchive.Lease lease = archive.hold(before.journals());
        try {
            Set<Incarnation> both = new HashSet<>(listed(shard, before, lease));
            both.add(own);
            shard.write(before.withEpoch(before.epoch() + 1).withJournals(both));
            Inherited inherited = Inherited.collect(shard.number(), before.floor(), lease.indexes());
            append(inherited, lease, estate);
            shard.write(shard.ledger().withJournals(Set.of(own)));

            boolean sameBoot = before.isReplayedIn(boot.id(), boot.mount());
            new Leftovers(root).settle(mayHaveLeft(estate.keys(), lease, sameBoot), !sameBoot);
            Replay replay = new Replay(lease, tree, publisher, journal, buckets, sameBoot);
            return new Begun(shard, lease, replay, estate);
        } catch (IOException | RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    /** A take-over as far as its replay, which is gone on with until it has come to the end. */
    public final class Begun {
        private final ShardFile shard;
        private final JournalArchive.Lease lease;
        private final Replay replay;
        private final Deque<List<Heir>> left;
        private final Map<UploadId, Outcome> answers;

        private Begun(ShardFile shard, JournalArchive.Lease lease, Replay replay, Estate estate) {
            this.shard = shard;
            this.lease = lease;
            this.replay = replay;
            this.left = new ArrayDeque<>(estate.keys().values());
            this.answers = estate.answers();
        }

        /** Replays what is left, once: it waits for nothing, so that whoever calls again may do something else between. */
        public Progress goOn() throws IOException {
            boolean shut = false;
            try {
                while (!left.isEmpty()) {
                    switch (replay.replay(left.element())) {
                        case Replay.Replayed.Done(var voided) -> answers.putAll(voided);
                        case Replay.Replayed.Refused(String why) -> {
                            shut = true;
                            return new Shut(why);
                        }
                    }
                    left.remove();
                }
                replay.markAll();
                shard.write(shard.ledger().withReplay(boot.id(), boot.mount()));
                return new Taken(shard.ledger().epoch(), answers);
            } finally {
                if (!shut) {
                    lease.close();
                }
            }
        }
    }

    /**
     * The journals to be listed beside ours: all that were. Each take-over that ends before its fourth step leaves one more;
     * where the ledger has no room left, those without a record of the shard need not be listed.
     */
    private static Set<Incarnation> listed(ShardFile shard, Ledger before, JournalArchive.Lease lease) {
        if (before.journals().size() < Ledger.MAX_JOURNALS) {
            return before.journals();
        }
        Set<Incarnation> needed = new HashSet<>();
        lease.indexes().forEach((journal, index) -> {
            if (!index.of(shard.number()).isEmpty()) {
                needed.add(journal);
            }
        });
        return needed;
    }

    private void append(Inherited inherited, JournalArchive.Lease lease, Estate estate) throws IOException {
        List<LiveRecord> group = new ArrayList<>();
        List<CommitRecord.Id> marks = new ArrayList<>();
        int bytes = 0;
        for (Location at : inherited.records()) {
            CommitRecord record = lease.load(at);
            estate.answers().put(record.upload(), outcome(record));
            LiveRecord live = new LiveRecord(record);
            boolean marked = inherited.isMarked(at.id());
            estate.keys()
                    .computeIfAbsent(record.object(), k -> new ArrayList<>())
                    .add(new Heir(at, live, marked));
            if (marked) {
                marks.add(at.id());
            }
            group.add(live);
            bytes += at.length();
            if (bytes >= APPEND_BYTES) {
                journal.appendAtOnce(group);
                group = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!estate.keys().isEmpty()) {
            journal.appendAtOnce(group);
            journal.mark(marks);
            journal.sync();
        }
    }

    /**
     * The records whose publishing may have left a swap file. Within a boot a marked one has left none: its swap name was
     * gone before the mark. After a reboot any may have come back: these are all, and so they come without their bytes.
     */
    private static List<CommitRecord> mayHaveLeft(
            Map<ObjectId, List<Heir>> keys, JournalArchive.Lease lease, boolean sameBoot) throws IOException {
        List<CommitRecord> result = new ArrayList<>();
        for (List<Heir> records : keys.values()) {
            if (sameBoot && records.stream().allMatch(Heir::marked)) {
                continue;
            }
            for (Heir h : records) {
                result.add(lease.load(h.at()).withoutBytes());
            }
        }
        return result;
    }

    /** What an ingress is told that asks for a mutation which an earlier owner made durable. */
    private static Outcome outcome(CommitRecord record) throws IOException {
        if (record.kind() == CommitRecord.Kind.DELETE) {
            return new Outcome.Deleted(record.replaces() != null);
        }
        Sidecar sidecar = SidecarCodec.decode(record.sidecar());
        Instant own = sidecar.lastModified();
        Instant modified = own != null ? own : record.stamp().instant();
        return new Outcome.Committed(record.stamp(), sidecar.etag(), modified);
    }
}
