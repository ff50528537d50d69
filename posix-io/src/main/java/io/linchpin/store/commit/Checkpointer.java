package io.linchpin.store.commit;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.journal.Journal;
import io.linchpin.store.journal.Journal.Retirable;
import io.linchpin.store.journal.LiveRecord;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Retires records: makes what was published before it began durable, then recycles the segments that hold nothing else,
 * strictly in order, and removes what only a replay of their records would have needed.
 */
final class Checkpointer {
    private final StoreRoot root;
    private final Journal journal;
    private final boolean syncfs;
    private long checkpoints;
    private volatile long lastEpochMillis;

    Checkpointer(StoreRoot root, Journal journal, boolean syncfs) {
        this.root = root;
        this.journal = journal;
        this.syncfs = syncfs;
    }

    /** One checkpoint. A failure must stop the process: what a failed sync left durable is not known. */
    synchronized void checkpoint() throws PosixException {
        List<Retirable> retirable = journal.retirable();
        if (syncfs) {
            PosixException.check(
                    root.posix().syncfs(root.fd()), "syncfs", root.path().toString());
        } else {
            syncEach(journal.publishedRecords());
        }
        for (Retirable r : retirable) {
            // While their records are there: where the process is killed in between, the next owner knows what was left
            // to do. Nothing needs a replaced version's sidecar once its replacement is durable.
            removeGarbage(r, true);
            journal.recycle(r);
            // Only now, for a replay needs the staged data. What a kill leaves of it is swept with the staging
            // directory of the node's life.
            removeGarbage(r, false);
        }
        journal.prepareSpare();
        checkpoints++;
        lastEpochMillis = System.currentTimeMillis();
    }

    private void removeGarbage(Retirable retirable, boolean sidecars) throws PosixException {
        for (LiveRecord record : retirable.records()) {
            for (String path : record.garbage()) {
                if (path.startsWith(Names.SIDECARS + "/") == sidecars) {
                    unlink(path);
                }
            }
        }
    }

    synchronized long checkpoints() {
        return checkpoints;
    }

    long lastEpochMillis() {
        return lastEpochMillis;
    }

    /**
     * Where syncfs is not to be trusted: every file and directory that a published record may have touched, each once. All
     * of the journal's, not only those that can be retired now: a shard may be given up on the strength of this.
     */
    private void syncEach(List<LiveRecord> records) throws PosixException {
        Set<String> paths = new LinkedHashSet<>();
        for (LiveRecord record : records) {
            Touched.by(record.object(), record.stamp(), paths);
            if (record.stagedBy() != null) {
                // That its staged sidecar is gone must outlive the record: one that came back would be judged again.
                paths.add(Names.staging(record.stagedBy()));
            }
        }
        for (String path : paths) {
            syncOne(path);
        }
    }

    private void syncOne(String path) throws PosixException {
        int opened = root.posix().openat2(root.fd(), path, Posix.O_RDONLY | Posix.O_NONBLOCK, 0, StoreRoot.BENEATH);
        switch (-opened) {
            // Replaced, removed or pruned since: the directories above, which are synced too, say so. A file that a
            // person has closed to us is that person's.
            case Errno.EACCES, Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ENXIO -> {}
            default -> {
                PosixException.check(opened, "openat2", path);
                try (Fd fd = Fd.adopt(root.posix(), opened, path)) {
                    FileIo.fsync(fd);
                }
            }
        }
    }

    private void unlink(String path) throws PosixException {
        int unlinked = root.posix().unlinkat(root.fd(), path, 0);
        if (unlinked != -Errno.ENOENT && unlinked != -Errno.ENOTDIR) {
            PosixException.check(unlinked, "unlinkat", path);
        }
    }
}
