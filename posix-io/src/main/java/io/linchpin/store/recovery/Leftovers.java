package io.linchpin.store.recovery;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.layout.KeyCodec;
import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.publish.Fold;
import io.linchpin.store.publish.Swap;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files that a publish cut short by a crash left under swap names: an exchange may have put a hand-made file there, so
 * each is looked at before anything is unlinked.
 */
final class Leftovers {
    private final StoreRoot root;
    private final Posix posix;

    Leftovers(StoreRoot root) {
        this.root = root;
        this.posix = root.posix();
    }

    /** Settles what the publishing of these records left, in whichever incarnation's swap directory. */
    void settle(List<CommitRecord> records, boolean rebooted) throws IOException {
        if (records.isEmpty()) {
            return;
        }
        Map<UploadId, ObjectId> objects = new HashMap<>();
        Map<ObjectId, List<CommitRecord>> keys = new HashMap<>();
        for (CommitRecord r : records) {
            objects.put(r.upload(), r.object());
            keys.computeIfAbsent(r.object(), k -> new ArrayList<>()).add(r);
        }
        for (String path : swapFiles()) {
            Optional<Swap.Owner> owner = Swap.parse(path.substring(path.lastIndexOf('/') + 1));
            ObjectId object = owner.isEmpty() ? null : objects.get(owner.get().upload());
            if (object != null) {
                settle(path, Fold.of(keys.getOrDefault(object, List.of()), rebooted));
            }
        }
    }

    private void settle(String path, Fold fold) throws IOException {
        FileStat stat = new FileStat();
        int found = posix.statx(root.fd(), path, 0, stat);
        if (found == -Errno.ENOENT) {
            return;
        }
        PosixException.check(found, "statx", path);
        if (stat.isDirectory()) {
            putDirectoryBack(path, fold);
            return;
        }
        Identity identity = new Identity(stat.inode, stat.mtimeNanos, stat.size);
        if (fold.accounts(identity) || hasSidecar(fold.object(), identity)) {
            unlink(path);
        } else {
            Swap.displace(root, path, fold.object());
        }
    }

    /** An exchange met a directory and was cut short before it was exchanged back. */
    private void putDirectoryBack(String path, Fold fold) throws IOException {
        Optional<KeyPath> natural = KeyCodec.natural(fold.object());
        if (natural.isPresent()) {
            String to = natural.get().toString();
            int back = posix.renameat2(root.fd(), path, root.fd(), to, Posix.RENAME_EXCHANGE);
            if (back == 0) {
                settle(path, fold);
                return;
            }
            if (posix.renameat2(root.fd(), path, root.fd(), to, Posix.RENAME_NOREPLACE) == 0) {
                return;
            }
        }
        Swap.displace(root, path, fold.object());
    }

    private boolean hasSidecar(ObjectId object, Identity identity) throws PosixException {
        return exists(Names.sidecar(object, new Stamp(identity.mtimeNanos())));
    }

    private boolean exists(String path) throws PosixException {
        int found = posix.statx(root.fd(), path, 0, new FileStat());
        if (found == -Errno.ENOENT || found == -Errno.ENOTDIR) {
            return false;
        }
        PosixException.check(found, "statx", path);
        return true;
    }

    private void unlink(String path) throws PosixException {
        int unlinked = posix.unlinkat(root.fd(), path, 0);
        if (unlinked != -Errno.ENOENT) {
            PosixException.check(unlinked, "unlinkat", path);
        }
    }

    private List<String> swapFiles() throws IOException {
        List<String> result = new ArrayList<>();
        for (String incarnation : list(Names.STAGING)) {
            String swap = Names.STAGING + "/" + incarnation + "/" + Swap.DIRECTORY;
            for (String name : list(swap)) {
                result.add(swap + "/" + name);
            }
        }
        return result;
    }

    private List<String> list(String path) throws IOException {
        int opened = root.openDirectory(path);
        if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR) {
            return List.of();
        }
        PosixException.check(opened, "openat2", path);
        try (Fd directory = Fd.adopt(posix, opened, path)) {
            return FileIo.list(directory).stream().map(DirEntry::name).toList();
        }
    }

    /**
     * Settles one swap file of a dead incarnation that no record refers to any more: a version whose sidecar exists was
     * replaced and is ours to unlink; anything else is kept.
     */
    void settleUnreferenced(String path) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        FileStat stat = new FileStat();
        int found = posix.statx(root.fd(), path, 0, stat);
        if (found == -Errno.ENOENT) {
            return;
        }
        PosixException.check(found, "statx", path);
        Optional<Swap.Owner> owner = Swap.parse(name);
        if (owner.isPresent() && stat.isRegular()) {
            Swap.Owner o = owner.get();
            String sidecar = Names.SIDECARS + "/" + o.bucket() + "/"
                    + o.keyHash().substring(0, 2) + "/" + Names.sidecarLeaf(o.keyHash(), new Stamp(stat.mtimeNanos));
            if (exists(sidecar)) {
                unlink(path);
                return;
            }
        }
        Swap.displace(root, path, name);
    }
}
