package io.linchpin.store.publish;

import io.linchpin.posix.Errno;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.layout.Backoff;
import io.linchpin.store.layout.KeyCodec;
import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.Place;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.Stamp;
import java.io.IOException;

/** Moves one file into a bucket, or out of it, and looks at what it met there. */
final class Mover {
    /** How often a move starts again because a person changes the place at the same moment. */
    private static final int MAX_ROUNDS = 100;

    private final StoreRoot root;
    private final Posix posix;
    private final ObjectTree tree;
    private final Swap swap;
    private final boolean exchange;

    Mover(StoreRoot root, ObjectTree tree, Swap swap, boolean exchange) {
        this.root = root;
        this.posix = root.posix();
        this.tree = tree;
        this.swap = swap;
        this.exchange = exchange;
    }

    /**
     * Moves a file into place. A free name is taken by RENAME_NOREPLACE; a taken one by RENAME_EXCHANGE from a swap name,
     * and what came back is looked at. Where a directory stands in the way, or a file stands where a directory is needed,
     * the escaped path is used.
     *
     * @param expected what was in place a moment ago: decides which of the two is tried first, and at which path
     * @return where it is now
     */
    KeyPath moveIn(Fold fold, String from, Place expected, Cleanup cleanup) throws IOException {
        Place.Occupied standing = expected.occupied();
        KeyPath path = standing != null
                ? standing.path()
                : KeyCodec.natural(fold.object()).orElseGet(() -> KeyCodec.escaped(fold.object()));
        boolean occupied = standing != null;
        Source source = new Source(from);
        try {
            for (int round = 0; round < MAX_ROUNDS; round++) {
                int parent = tree.openParent(path, true);
                if (isInTheWay(parent) && path.form() == KeyPath.Form.NATURAL) {
                    path = KeyCodec.escaped(fold.object());
                    continue;
                }
                PosixException.check(parent, "openat2", path.parent());
                try {
                    Step step = occupied
                            ? exchange(fold, source, parent, path, cleanup)
                            : moveOnce(fold, source, parent, path, cleanup);
                    occupied = false;
                    switch (step) {
                        case IN_PLACE -> {
                            return path;
                        }
                        case CHANGED -> Backoff.pause(round);
                        case DIRECTORY -> path = escapeFrom(path, fold);
                    }
                } finally {
                    posix.close(parent);
                }
            }
            throw new PosixException(Errno.EAGAIN, "renameat2", path.toString());
        } catch (PosixException e) {
            if (!cleanup.isCommitted() && isSwapName(source.path)) {
                // Still our own file: nothing has been exchanged with it.
                posix.unlinkat(root.fd(), source.path, 0);
            }
            throw e;
        }
    }

    /** Under which name the data waits: changes once, when an exchange is needed. */
    private static final class Source {
        private String path;

        Source(String path) {
            this.path = path;
        }
    }

    private enum Step {
        IN_PLACE,
        /** The place changed under us: look again. */
        CHANGED,
        /** A directory has the name. */
        DIRECTORY
    }

    private Step moveOnce(Fold fold, Source source, int parent, KeyPath path, Cleanup cleanup) throws IOException {
        int moved = posix.renameat2(root.fd(), source.path, parent, path.leaf(), Posix.RENAME_NOREPLACE);
        return switch (-moved) {
            case 0 -> {
                cleanup.committed();
                yield Step.IN_PLACE;
            }
            // The parent was pruned, or moved away, after it was opened.
            case Errno.ENOENT -> Step.CHANGED;
            case Errno.EEXIST -> takeOver(fold, source, parent, path, cleanup);
            default -> throw new PosixException(-moved, "renameat2", path.toString());
        };
    }

    /** The name is taken: by a directory, or by a file that is exchanged. */
    private Step takeOver(Fold fold, Source source, int parent, KeyPath path, Cleanup cleanup) throws IOException {
        if (isDirectory(parent, path.leaf())) {
            return Step.DIRECTORY;
        }
        return exchange(fold, source, parent, path, cleanup);
    }

    private Step exchange(Fold fold, Source source, int parent, KeyPath path, Cleanup cleanup) throws IOException {
        source.path = toSwapName(source.path, fold);
        return exchangeInto(fold, source.path, parent, path, cleanup) ? Step.IN_PLACE : Step.CHANGED;
    }

    private static boolean isSwapName(String path) {
        return path.contains("/" + Swap.DIRECTORY + "/");
    }

    private static boolean isInTheWay(int result) {
        return result == -Errno.ENOTDIR || result == -Errno.ELOOP || result == -Errno.ENAMETOOLONG;
    }

    private static KeyPath escapeFrom(KeyPath path, Fold fold) throws PosixException {
        if (path.form() == KeyPath.Form.ESCAPED) {
            // No two keys share an escaped path, and a directory has a form of its own: this one is not ours.
            throw new PosixException(Errno.ENOTDIR, "renameat2", path.toString());
        }
        return KeyCodec.escaped(fold.object());
    }

    private boolean isDirectory(int parent, String leaf) throws PosixException {
        FileStat stat = new FileStat();
        int found = posix.statx(parent, leaf, 0, stat);
        if (found == -Errno.ENOENT) {
            return false;
        }
        PosixException.check(found, "statx", leaf);
        return stat.isDirectory();
    }

    /** An exchange leaves somebody's file under our name: never under a staged one, which is unlinked unseen. */
    private String toSwapName(String source, Fold fold) throws PosixException {
        if (isSwapName(source)) {
            return source;
        }
        String name = swap.next(fold.last());
        PosixException.check(
                posix.renameat2(root.fd(), source, root.fd(), name, Posix.RENAME_NOREPLACE), "renameat2", source);
        return name;
    }

    /** Exchanges, and looks at what came back. False: the place changed, try again. */
    private boolean exchangeInto(Fold fold, String source, int parent, KeyPath path, Cleanup cleanup)
            throws IOException {
        if (!exchange) {
            return replaceWithoutExchange(fold, source, parent, path, cleanup);
        }
        int exchanged = posix.renameat2(root.fd(), source, parent, path.leaf(), Posix.RENAME_EXCHANGE);
        if (exchanged == -Errno.ENOENT) {
            return false;
        }
        PosixException.check(exchanged, "renameat2", path.toString());
        FileStat back = stat(source);
        if (back.isDirectory()) {
            // Made by hand at this very moment. Back at once; the next round goes to the escaped path.
            PosixException.check(
                    posix.renameat2(root.fd(), source, parent, path.leaf(), Posix.RENAME_EXCHANGE),
                    "renameat2",
                    path.toString());
            return false;
        }
        cleanup.committed();
        settle(fold, source, back, cleanup);
        return true;
    }

    /** Looks, then renames over: what a filesystem without RENAME_EXCHANGE allows. The window is said at start. */
    private boolean replaceWithoutExchange(Fold fold, String source, int parent, KeyPath path, Cleanup cleanup)
            throws IOException {
        FileStat there = new FileStat();
        int found = posix.statx(parent, path.leaf(), 0, there);
        if (found == -Errno.ENOENT) {
            return false;
        }
        PosixException.check(found, "statx", path.toString());
        Identity identity = Swap.identity(there);
        if (!fold.accounts(identity)) {
            String away = swap.next(fold.last());
            int moved = posix.renameat2(parent, path.leaf(), root.fd(), away, Posix.RENAME_NOREPLACE);
            if (moved == 0) {
                Swap.displace(root, away, fold.object());
            }
            return false;
        }
        PosixException.check(posix.renameat2(root.fd(), source, parent, path.leaf(), 0), "renameat2", path.toString());
        cleanup.committed();
        // Of two links to one file a rename does nothing at all.
        posix.unlinkat(root.fd(), source, 0);
        cleanup.replaced(identity);
        return true;
    }

    /** What came out of the bucket under a swap name: a version that the records account for goes, any other is kept. */
    private void settle(Fold fold, String swapPath, FileStat file, Cleanup cleanup) throws IOException {
        Identity identity = Swap.identity(file);
        if (fold.accounts(identity)) {
            PosixException.check(posix.unlinkat(root.fd(), swapPath, 0), "unlinkat", swapPath);
            cleanup.replaced(identity);
        } else {
            Swap.displace(root, swapPath, fold.object());
        }
    }

    /**
     * Moves a file out of the bucket: away to a swap name, then a look. One that the records do not account for is put
     * back where it was, or kept if the name was taken meanwhile.
     *
     * @param shadowed whether this is the key's other path, which a PUT has just made obsolete: an own version found
     *     there goes, a hand-made file is kept aside
     */
    void moveOut(Fold fold, KeyPath path, boolean shadowed, Cleanup cleanup) throws IOException {
        int parent = tree.openParent(path, false);
        if (parent < 0) {
            if (ObjectTree.isAbsence(parent)) {
                return;
            }
            throw new PosixException(-parent, "openat2", path.parent());
        }
        try {
            String away = swap.next(fold.last());
            int moved = posix.renameat2(parent, path.leaf(), root.fd(), away, Posix.RENAME_NOREPLACE);
            if (moved == -Errno.ENOENT) {
                return;
            }
            PosixException.check(moved, "renameat2", path.toString());
            cleanup.committed();
            FileStat file = stat(away);
            Identity identity = Swap.identity(file);
            if (file.isRegular() && (fold.accounts(identity) || (shadowed && isOurs(fold, identity)))) {
                PosixException.check(posix.unlinkat(root.fd(), away, 0), "unlinkat", away);
                cleanup.replaced(identity);
            } else if (shadowed && file.isRegular()) {
                Swap.displace(root, away, fold.object());
            } else if (posix.renameat2(root.fd(), away, parent, path.leaf(), Posix.RENAME_NOREPLACE) != 0) {
                Swap.displace(root, away, fold.object());
            }
        } finally {
            posix.close(parent);
        }
        tree.prune(path);
    }

    private boolean isOurs(Fold fold, Identity identity) throws PosixException {
        String sidecar = Names.sidecar(fold.object(), new Stamp(identity.mtimeNanos()));
        int found = posix.statx(root.fd(), sidecar, 0, new FileStat());
        if (found == -Errno.ENOENT) {
            return false;
        }
        PosixException.check(found, "statx", sidecar);
        return true;
    }

    private FileStat stat(String path) throws PosixException {
        FileStat stat = new FileStat();
        PosixException.check(posix.statx(root.fd(), path, 0, stat), "statx", path);
        return stat;
    }
}
