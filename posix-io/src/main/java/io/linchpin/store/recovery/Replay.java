package io.linchpin.store.recovery;

import io.linchpin.posix.Errno;
import io.linchpin.store.bucket.BucketCheck;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.journal.Journal;
import io.linchpin.store.journal.LiveRecord;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.Place;
import io.linchpin.store.publish.Fold;
import io.linchpin.store.publish.PublishResult;
import io.linchpin.store.publish.Publisher;
import io.linchpin.store.recovery.TakeOver.Heir;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes again what a shard's earlier owners had made durable and may not have published.
 *
 * <p>In the boot and mount of the last replay: only keys with a record that is not marked as published, and only where
 * what is in place is what some of the key's records made or were judged to replace; anything else is a change made by
 * hand later, and stands. After a reboot or a remount neither marks nor what is in place are evidence (an mtime may have
 * survived that its bytes did not): every key is published again, from the journal's bytes or the staged name.
 */
final class Replay {
    private static final Logger log = LoggerFactory.getLogger(Replay.class);

    /** Tries come a second apart: that a key cannot be published, and must not be dropped, is said again once a minute. */
    private static final int TRIES_PER_WORD = 60;

    private final JournalArchive.Lease journals;
    private final ObjectTree tree;
    private final Publisher publisher;
    private final Journal journal;
    private final BucketCheck buckets;
    private final boolean sameBoot;
    private final List<CommitRecord.Id> done = new ArrayList<>();
    private int tries;

    /** What came of a key. */
    sealed interface Replayed {
        /**
         * It is settled.
         *
         * @param voided what to tell instead of success to those who ask for mutations that had to be voided
         */
        record Done(Map<UploadId, Outcome> voided) implements Replayed {}

        /** It may have been acknowledged and cannot be put in place: to be replayed again, and its shard stays shut. */
        record Refused(String why) implements Replayed {}
    }

    Replay(
            JournalArchive.Lease journals,
            ObjectTree tree,
            Publisher publisher,
            Journal journal,
            BucketCheck buckets,
            boolean sameBoot) {
        this.journals = journals;
        this.tree = tree;
        this.publisher = publisher;
        this.journal = journal;
        this.buckets = buckets;
        this.sameBoot = sameBoot;
    }

    /** Replays one key: all its records, in order. */
    Replayed replay(List<Heir> heirs) throws IOException {
        Succession succession = new Succession(heirs.size());
        for (Heir h : heirs) {
            succession.add(journals.load(h.at()));
        }
        List<CommitRecord> records = succession.records();
        if (sameBoot && heirs.stream().allMatch(Heir::marked)) {
            return finished(heirs, records, LiveRecord.Published.NOTHING);
        }
        if (isOfAnotherBucket(records.getLast())) {
            log.info(
                    "{}: its bucket was deleted, and is another one now",
                    records.getLast().object());
            records.forEach(publisher::discardSidecar);
            return finished(heirs, records, LiveRecord.Published.NOTHING);
        }
        Fold fold = Fold.of(records, !sameBoot);
        return switch (sameBoot ? publishInBoot(fold) : publisher.publish(fold, null)) {
            case PublishResult.InPlace(LiveRecord.Published published) -> finished(heirs, records, published);
            case PublishResult.Refused refused -> {
                if (refused.errno() == Errno.ENOENT && isBucketGone(fold.object())) {
                    log.info("{}: its bucket was removed by hand, and stays so", fold.object());
                    yield finished(heirs, records, LiveRecord.Published.NOTHING);
                }
                if (sameBoot && heirs.stream().noneMatch(Heir::marked) && isAsJudged(records)) {
                    yield settled(voidAll(heirs, records, refused));
                }
                yield refused(fold.object(), refused);
            }
        };
    }

    private Replayed refused(ObjectId object, PublishResult.Refused refused) {
        if (tries++ % TRIES_PER_WORD == 0) {
            log.error(
                    "{} may have been acknowledged and cannot be put in place again ({}): until it can its shard"
                            + " stays shut, and what waits behind it in the journal is kept",
                    object,
                    refused);
        }
        String errno = Errno.name(refused.errno());
        return new Replayed.Refused(object + " cannot be put in place again (" + refused.call() + ": " + errno + ")");
    }

    /** Whether none of these records is in place: an owner may have died between the publishing of one and its mark. */
    private boolean isAsJudged(List<CommitRecord> records) throws IOException {
        return Objects.equals(
                inPlace(records.getFirst().object()), records.getFirst().replaces());
    }

    /**
     * Whether all of a key's records are of a bucket that was deleted since: then nothing of them was in it any more. Of the
     * newest record, for a key's records of one bucket come after all those of the bucket before it.
     */
    private boolean isOfAnotherBucket(CommitRecord newest) throws IOException {
        return newest.bucketGeneration() != CommitRecord.ANY_BUCKET
                && buckets.isAnother(newest.object().bucket(), newest.bucketGeneration());
    }

    private boolean isBucketGone(ObjectId object) {
        return tree.isBucketAbsent(object.bucket());
    }

    private PublishResult publishInBoot(Fold fold) throws IOException {
        Identity at = inPlace(fold.object());
        boolean accounted = at == null ? fold.accountsForAbsence() : fold.accounts(at);
        if (!accounted) {
            log.info("{} was changed by hand after its last upload: left as it is", fold.object());
            return new PublishResult.InPlace(LiveRecord.Published.NOTHING);
        }
        CommitRecord data = fold.data();
        if (data != null && at != null && data.made(at, false)) {
            return publisher.confirm(fold);
        }
        return publisher.publish(fold, null);
    }

    private @Nullable Identity inPlace(ObjectId object) throws IOException {
        Place.Occupied at = tree.look(object).occupied();
        return at == null ? null : new Identity(at.inode(), at.mtimeNanos(), at.size());
    }

    /**
     * A directory has become read-only, say, since the records were judged, and none of them is published, so nobody can
     * have been told: they are voided, durably.
     */
    private Map<UploadId, Outcome> voidAll(List<Heir> heirs, List<CommitRecord> records, PublishResult.Refused refused)
            throws IOException {
        List<LiveRecord> voids = new ArrayList<>();
        Map<UploadId, Outcome> answers = new HashMap<>();
        for (int i = 0; i < records.size(); i++) {
            CommitRecord r = records.get(i);
            voids.add(LiveRecord.voidOf(r));
            answers.put(r.upload(), new Outcome.Failed(refused.errno(), refused.call()));
            List<String> garbage = stagedPair(r);
            publisher.discardSidecar(r);
            heirs.get(i).live().setPublished(new LiveRecord.Published(garbage));
        }
        // The newest first, for they may need more than one batch: see KeyCommits.voidAll.
        journal.appendAtOnce(voids.reversed());
        journal.sync();
        log.warn(
                "{} cannot be published ({}): {} changes that nobody was told of are dropped",
                records.getLast().object(),
                refused,
                records.size());
        return answers;
    }

    /** What the records' own owners would have left to their checkpoint. Never the sidecar of what is in place now. */
    private Replayed finished(List<Heir> heirs, List<CommitRecord> records, LiveRecord.Published last)
            throws IOException {
        Identity at = inPlace(records.getLast().object());
        for (int i = 0; i < heirs.size(); i++) {
            CommitRecord r = records.get(i);
            List<String> garbage = stagedPair(r);
            Identity base = r.replaces();
            boolean stillThere = base != null && at != null && at.mtimeNanos() == base.mtimeNanos();
            if (base != null && !stillThere && r.kind() != Kind.META) {
                garbage.add(Names.sidecar(r.object(), new Stamp(base.mtimeNanos())));
            }
            if (i == heirs.size() - 1) {
                garbage.addAll(last.garbage());
            }
            heirs.get(i).live().setPublished(new LiveRecord.Published(garbage));
            // Not left to the checkpoint: it says that nobody has judged the upload, and the answers of this take-over
            // are forgotten sooner. That of a PUT which a later one superseded is there still.
            publisher.discardStagedSidecar(r);
            done.add(r.id());
        }
        return settled(Map.of());
    }

    private Replayed settled(Map<UploadId, Outcome> voided) {
        tries = 0;
        return new Replayed.Done(voided);
    }

    /** The staged pair, which was given away and which nobody else removes. */
    private static List<String> stagedPair(CommitRecord r) {
        List<String> garbage = new ArrayList<>(4);
        CommitRecord.Staged staged = r.staged();
        if (staged != null) {
            garbage.add(Names.staging(staged.by()) + "/" + Names.stagedData(r.upload()));
            garbage.add(Names.staging(staged.by()) + "/" + Names.stagedSidecar(r.upload()));
        }
        return garbage;
    }

    /** Marks all that was replayed, once. */
    void markAll() throws IOException {
        if (!done.isEmpty()) {
            journal.mark(done);
        }
    }
}
