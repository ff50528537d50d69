package io.linchpin.store.mutant;

import static io.linchpin.store.mutant.Mutant.patch;

import java.util.ArrayList;
import java.util.List;

/** All negative controls. */
final class Mutants {
    private Mutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>(syncs());
        all.addAll(publishing());
        all.addAll(ownership());
        all.addAll(takingOver());
        return all;
    }

    private static List<Mutant> syncs() {
        return List.of(
                Mutant.of(
                        "no-syncs",
                        "every sync is a no-op",
                        "put-new",
                        patch(
                                "posix.FileIo",
                                "check(fd.posix().fdatasync(fd.number()), \"fdatasync\", fd.path());",
                                ""),
                        patch("posix.FileIo", "check(fd.posix().fsync(fd.number()), \"fsync\", fd.path());", ""),
                        patch(
                                "store.commit.Checkpointer",
                                "root.posix().syncfs(root.fd()), \"syncfs\"",
                                "0, \"syncfs\"")),
                Mutant.of(
                        "no-directory-fsync",
                        "fsync of directories is left out",
                        "put-new",
                        patch(
                                "posix.FileIo",
                                "check(fd.posix().fsync(fd.number()), \"fsync\", fd.path());",
                                "if (!stat(fd).isDirectory()) { check(fd.posix().fsync(fd.number()), \"\", fd.path()); }")),
                Mutant.of(
                        "sync-error-swallowed",
                        "a failed fdatasync is taken for a success",
                        "put-over-failed-sync eio",
                        patch(
                                "posix.FileIo",
                                "check(fd.posix().fdatasync(fd.number()), \"fdatasync\", fd.path());",
                                "var ignored = fd.posix().fdatasync(fd.number());")),
                Mutant.of(
                        "publish-before-sync",
                        "records are published and answered before the journal's sync",
                        "put-new",
                        patch("store.journal.Journal", "        active.sync();\n", "        var unsynced = active;\n")),
                Mutant.of(
                        "segments-out-of-order",
                        "a segment is recycled while an older one stays",
                        "segments",
                        patch(
                                "store.journal.Journal",
                                "if (s == live.getLast() || !s.allPublished()) {\n                break;",
                                "if (s == live.getLast() || !s.allPublished()) {\n                continue;"),
                        patch(
                                "store.journal.Journal",
                                "if (live.getFirst() != retirable.segment) {",
                                "if (live.isEmpty()) {"),
                        patch("store.journal.Journal", "live.removeFirst();", "live.remove(retirable.segment);")),
                Mutant.of(
                        "sidecars-after-recycling",
                        "a segment is recycled before the sidecars go that its records had replaced",
                        "put-over",
                        patch(
                                "store.commit.Checkpointer",
                                "removeGarbage(r, true);\n            journal.recycle(r);",
                                "journal.recycle(r);\n            removeGarbage(r, true);")));
    }

    private static List<Mutant> publishing() {
        return List.of(
                Mutant.of(
                        "data-before-sidecar",
                        "small data is moved into place before its sidecar is named",
                        "put-new",
                        patch(
                                "store.publish.Publisher",
                                "nameSidecar(fold, record, stagedSidecar, files);\n            from = stagedData;",
                                "from = stagedData;"),
                        patch(
                                "store.publish.Publisher",
                                "KeyPath path = mover.moveIn(fold, from, expected, cleanup);\n        // Both",
                                "KeyPath path = mover.moveIn(fold, from, expected, cleanup);\n"
                                        + "if (record.inline() != null && open != null) {"
                                        + " nameSidecar(fold, record, stagedSidecar, files); }\n        // Both")),
                Mutant.of(
                        "stamp-not-unique",
                        "a node gives the same stamp again",
                        "checkpoint-between",
                        patch(
                                "store.commit.StampSource",
                                "Math.max(before + STEP, now)",
                                "before == 0 ? now : before")),
                Mutant.of(
                        "exchange-unlooked",
                        "what an exchange brought back is unlinked without a look",
                        "put-over-by-hand new",
                        patch(
                                "store.publish.Mover",
                                "Identity identity = Swap.identity(file);\n        if (fold.accounts(identity)) {",
                                "Identity identity = Swap.identity(file);\n        if (identity != null) {")),
                Mutant.of(
                        "staged-name-not-kept",
                        "large data is moved from its staged name, not linked",
                        "put-new-large",
                        patch(
                                "store.publish.Publisher",
                                "nameSidecar(fold, record, stagedSidecar, files);\n"
                                        + "            PosixException.check(posix.linkat(root.fd(), stagedData, root.fd(), from), \"linkat\", stagedData);",
                                "nameSidecar(fold, record, stagedSidecar, files);\n"
                                        + "            PosixException.check(posix.renameat2(root.fd(), stagedData, root.fd(), from, 0), \"\", stagedData);")),
                Mutant.of(
                        "no-marks",
                        "published marks are not written",
                        "put-new-by-hand rm",
                        patch(
                                "store.commit.LocalShardStore",
                                "            journal.mark(ids);",
                                "            if (ids.isEmpty()) { journal.mark(ids); }")),
                Mutant.of(
                        "refusal-before-its-cause",
                        "a refusal is answered before the mutation that causes it is durable",
                        "refusal",
                        patch(
                                "store.commit.KeyCommits",
                                "if (queue.isEmpty()) {\n                return verdict;",
                                "if (verdict != null) {\n                return verdict;")),
                Mutant.of(
                        "superseded-answered-early",
                        "what a later mutation supersedes is acknowledged before that is in place",
                        "put+put-one-group",
                        patch(
                                "store.commit.KeyCommits",
                                "        return switch (publish(changes)) {",
                                "        for (Entry e : batch.subList(0, batch.size() - 1)) {"
                                        + " shard.answer(e.prepared(), e.outcome()); }\n"
                                        + "        return switch (publish(changes)) {"),
                        patch(
                                "store.commit.KeyCommits",
                                "for (Entry e : done.batch) {\n            shard.answer",
                                "for (Entry e : List.of(done.batch.getLast())) {\n            shard.answer")));
    }

    private static List<Mutant> ownership() {
        return List.of(
                Mutant.of(
                        "voids-oldest-first",
                        "of changes that are taken back the oldest is voided first",
                        "void",
                        patch(
                                "store.commit.KeyCommits",
                                "for (int i = changes.size() - 1; i >= 0; i--) {",
                                "for (int i = 0; i < changes.size(); i++) {"),
                        patch(
                                "store.commit.KeyCommits",
                                "boolean last = i == 0;",
                                "boolean last = i == changes.size() - 1;")),
                Mutant.of(
                        "release-without-drain",
                        "a shard is given up while mutations are pending",
                        "hand-over-while-pending",
                        patch("store.commit.LocalShard", "        gate.awaitEmpty();\n", "")),
                Mutant.of(
                        "floor-not-raised",
                        "a shard is given up without retiring its records that stay in the journal",
                        "take-back-beside-another",
                        patch("store.commit.LocalShard", ".withFloor(epoch + 1)", "")),
                Mutant.of(
                        "lease-always-granted",
                        "the shard's lock is never refused",
                        "second-owner",
                        patch(
                                "store.shard.ShardFile",
                                "int locked = root.posix().ofdSetLock(fd.number());",
                                "int locked = 0;")));
    }

    private static List<Mutant> takingOver() {
        return List.of(
                Mutant.of(
                        "place-trusted-after-reboot",
                        "after a reboot a replay trusts marks and what is in place",
                        "put-new",
                        patch(
                                "store.recovery.TakeOver",
                                "boolean sameBoot = before.isReplayedIn(boot.id(), boot.mount());",
                                "boolean sameBoot = before.epoch() >= 0;")),
                Mutant.of(
                        "ledger-before-journal",
                        "the ledger drops the old journal before the copy of its records is durable",
                        "put-over",
                        patch("store.recovery.TakeOver", ".withJournals(both)", ".withJournals(Set.of(own))")),
                Mutant.of(
                        "re-append-not-synced",
                        "the ledger drops the old journal while the copy is in the page cache",
                        "put-over",
                        patch(
                                "store.recovery.TakeOver",
                                "journal.mark(marks);\n            journal.sync();",
                                "journal.mark(marks);")),
                Mutant.of(
                        "re-append-without-identity",
                        "records are re-appended under a new identity",
                        "take-over-of-a-take-over",
                        patch(
                                "store.recovery.TakeOver",
                                "LiveRecord live = new LiveRecord(record);",
                                "LiveRecord live = new LiveRecord(new CommitRecord(record.kind(), new CommitRecord.Id("
                                        + "record.id().shard(), record.id().epoch() + 1, group.size() + 1), record.upload(),"
                                        + " record.object(), record.stamp(), record.replaces(), record.staged(),"
                                        + " record.sidecar(), record.inline(), record.bucketGeneration()));")),
                Mutant.of(
                        "only-unmarked-taken-over",
                        "records that are marked as published are not re-appended",
                        "put-over",
                        patch(
                                "store.recovery.Inherited",
                                "!voided.contains(r.id()))",
                                "!voided.contains(r.id()) && !marked.contains(r.id()))")),
                Mutant.of(
                        "newest-record-only",
                        "a replay publishes a key's newest record, not the fold of all",
                        "put+tag",
                        patch(
                                "store.recovery.Replay",
                                "Fold fold = Fold.of(records, !sameBoot);",
                                "Fold fold = Fold.of(List.of(records.getLast()), !sameBoot);")),
                Mutant.of(
                        "staged-sidecar-left",
                        "a replay leaves the staged sidecars of what it has replayed to the checkpoint",
                        "large+put-one-group",
                        patch("store.recovery.Replay", "publisher.discardStagedSidecar(r);", "")),
                Mutant.of(
                        "generation-ignored",
                        "a replay does not ask whether the bucket of the name is another one by now",
                        "bucket-made-anew",
                        patch(
                                "store.recovery.Replay",
                                "if (isOfAnotherBucket(records.getLast())) {",
                                "if (isOfAnotherBucket(records.getLast()) && records.isEmpty()) {")),
                Mutant.of(
                        "completions-swept",
                        "the sweep does not ask whether a completion that was sent is settled",
                        "multipart-taken-up-late",
                        patch(
                                "store.multipart.UploadStore",
                                "unsettled(bucket, id).ifPresent(result::add);",
                                "unsettled(bucket, id);")),
                Mutant.of(
                        "swept-blindly",
                        "what a publish has left under a swap name is unlinked without a look",
                        "put-over-by-hand new",
                        patch(
                                "store.recovery.Leftovers",
                                "if (fold.accounts(identity) || hasSidecar(fold.object(), identity)) {",
                                "if (identity != null) {")));
    }
}
