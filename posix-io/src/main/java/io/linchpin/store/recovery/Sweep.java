package io.linchpin.store.recovery;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.publish.Swap;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes what a dead incarnation left: its staging directory, bucket states half written, and its journal. The caller has
 * made sure that nothing can refer to them: no ledger lists the journal, every ledger lists only journals of living nodes,
 * no living node holds a record or a mutation in flight that names the staging directory, and no completion of an upload that
 * may have been sent and is not settled names it either.
 */
public final class Sweep {
    private final StoreRoot root;
    private final Leftovers leftovers;

    public Sweep(StoreRoot root) {
        this.root = root;
        this.leftovers = new Leftovers(root);
    }

    /**
     * Every life, the living among them, of which a staging directory or a journal is left. A life has its lock before it makes
     * either: where afterwards there is no lock file it is over, and the file was swept before these were or lost in a power cut.
     */
    public Set<Incarnation> left() throws IOException {
        Set<Incarnation> left = new HashSet<>();
        for (String home : List.of(Names.STAGING, Names.JOURNAL)) {
            list(home).stream()
                    .filter(Incarnation::isValid)
                    .map(Incarnation::new)
                    .forEach(left::add);
        }
        return left;
    }

    /**
     * Sweeps, durably; a repeat after a crash goes on where the first one stopped. Only then may the dead node's own files go,
     * for they say that there is something to sweep.
     */
    public void sweep(Incarnation dead) throws IOException {
        String staging = Names.staging(dead);
        String swap = staging + "/" + Swap.DIRECTORY;
        for (String name : list(swap)) {
            leftovers.settleUnreferenced(swap + "/" + name);
        }
        // What is kept has its new name before its old one can be lost.
        root.sync(Names.DISPLACED);
        remove(swap, Posix.AT_REMOVEDIR);
        removeFlat(staging);
        for (String name : list(Names.BUCKETS)) {
            if (name.startsWith(Names.unfinishedBucketState(dead))) {
                remove(Names.BUCKETS + "/" + name, 0);
            }
        }
        removeFlat(Names.journal(dead));
        root.sync(Names.STAGING);
        root.sync(Names.BUCKETS);
        root.sync(Names.JOURNAL);
    }

    /**
     * Removes a journal that no ledger lists: of a node that has given all its shards up and ends. Its staging directory
     * stays, for other owners' records may name it.
     */
    public void sweepJournal(Incarnation ended) throws IOException {
        removeFlat(Names.journal(ended));
    }

    /** Staged names are ours alone, whatever they hold: no exchange ever touches one. */
    private void removeFlat(String directory) throws IOException {
        for (String name : list(directory)) {
            remove(directory + "/" + name, 0);
        }
        remove(directory, Posix.AT_REMOVEDIR);
    }

    private void remove(String path, int flags) throws PosixException {
        int removed = root.posix().unlinkat(root.fd(), path, flags);
        if (removed != -Errno.ENOENT) {
            PosixException.check(removed, "unlinkat", path);
        }
    }

    private List<String> list(String path) throws IOException {
        int opened = root.openDirectory(path);
        if (opened == -Errno.ENOENT) {
            return List.of();
        }
        PosixException.check(opened, "openat2", path);
        try (Fd directory = Fd.adopt(root.posix(), opened, path)) {
            return FileIo.list(directory).stream().map(DirEntry::name).toList();
        }
    }
}
