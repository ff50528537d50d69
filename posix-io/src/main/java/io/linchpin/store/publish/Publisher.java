package io.linchpin.store.publish;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.journal.CommitRecord.Staged;
import io.linchpin.store.layout.KeyCodec;
import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.Place;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.sidecar.ContentDigest;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarCodec;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a fold of durable records: the one way into a bucket.
 *
 * <p>The order of a PUT's steps is the protocol's, and each has its reason:
 *
 * <ol>
 *   <li>mtime (the stamp), mode and owner, while nobody sees the file;
 *   <li>the sidecar gets its stamped name, so that whoever sees the data finds its sidecar;
 *   <li>large data is linked to a swap name: the staged name stays until the record is retired, for a replay;
 *   <li>the data moves into place: the one commit point;
 *   <li>what came back from an exchange is looked at: a file that these records account for goes, any other is kept.
 * </ol>
 *
 * The sidecar of what was replaced goes at the checkpoint that retires the record: a reader may hold the old file.
 * Calls for one key never overlap; the caller holds the shard.
 */
public final class Publisher {
    private final StoreRoot root;
    private final Posix posix;
    private final ObjectTree tree;
    private final Swap swap;
    private final Sidecars sidecars;
    private final Mover mover;
    private final PublishSettings settings;

    public Publisher(StoreRoot root, ObjectTree tree, Swap swap, PublishSettings settings) {
        this.root = root;
        this.posix = root.posix();
        this.tree = tree;
        this.swap = swap;
        this.sidecars = new Sidecars(root, swap);
        this.mover = new Mover(root, tree, swap, settings.exchange());
        this.settings = settings;
    }

    /**
     * Publishes.
     *
     * @param fold durable records of one key, in order
     * @param staged the last PUT's staged pair, where it still is as it was staged; null in a replay
     * @throws IOException for what must stop the process: EIO, or bytes of a committed object that are gone
     */
    public PublishResult publish(Fold fold, @Nullable StagedFiles staged) throws IOException {
        Cleanup cleanup = new Cleanup(fold);
        try {
            CommitRecord data = fold.data();
            if (data == null) {
                changeMetadata(fold);
            } else if (data.kind() == Kind.DELETE) {
                delete(fold, cleanup);
            } else {
                put(fold, data, staged, cleanup);
            }
        } catch (PosixException e) {
            // Past the commit point nothing can be taken back: the process stops, and a replay finishes the work.
            if (isRefusal(e.errno()) && !cleanup.isCommitted()) {
                String copy = cleanup.copy();
                if (copy != null) {
                    posix.unlinkat(root.fd(), copy, 0);
                }
                return new PublishResult.Refused(e.errno(), e.call());
            }
            throw e;
        }
        return new PublishResult.InPlace(cleanup.published());
    }

    /** Operating faults that leave the place as it was. Everything else in a publish stops the process. */
    private static boolean isRefusal(int errno) {
        return switch (errno) {
            case Errno.EMFILE,
                    Errno.ENFILE,
                    Errno.ENOMEM,
                    Errno.EACCES,
                    Errno.EPERM,
                    Errno.EROFS,
                    Errno.ENOSPC,
                    Errno.EDQUOT,
                    Errno.EXDEV,
                    Errno.EMLINK,
                    Errno.ENOENT,
                    Errno.ENOTDIR,
                    Errno.ENAMETOOLONG,
                    Errno.ELOOP,
                    Errno.EBUSY,
                    Errno.EAGAIN -> true;
            default -> false;
        };
    }

    private void put(Fold fold, CommitRecord record, @Nullable StagedFiles files, Cleanup cleanup) throws IOException {
        Fd open = files == null ? null : files.data();
        Staged staged = Objects.requireNonNull(record.staged());
        String stagedData = Names.staging(staged.by()) + "/" + Names.stagedData(record.upload());
        String stagedSidecar = Names.staging(staged.by()) + "/" + Names.stagedSidecar(record.upload());
        String from;
        if (record.inline() == null) {
            if (open == null && replayFindsInPlace(fold, record, stagedData)) {
                return;
            }
            try (Fd data = open != null ? null : openStaged(stagedData)) {
                if (data != null && isChangedByHand(record, data)) {
                    putChangedByHand(fold, record, stagedData, cleanup);
                    return;
                }
                setAttributes(data != null ? data : Objects.requireNonNull(open), record.stamp());
            }
            from = swap.next(record);
            nameSidecar(fold, record, stagedSidecar, files);
            PosixException.check(posix.linkat(root.fd(), stagedData, root.fd(), from), "linkat", stagedData);
            cleanup.garbage(stagedData);
        } else if (open != null) {
            setAttributes(open, record.stamp());
            nameSidecar(fold, record, stagedSidecar, files);
            from = stagedData;
        } else {
            from = swap.fresh(record, ".data");
            cleanup.copied(from);
            try (Fd fresh = writeInline(from, record.inline())) {
                setAttributes(fresh, record.stamp());
            }
            nameSidecar(fold, record, stagedSidecar, null);
        }
        Place judged = files == null ? null : files.judged();
        Place expected = judged == null ? tree.look(fold.object()) : judged;
        KeyPath path = mover.moveIn(fold, from, expected, cleanup);
        // Both paths were empty at judging, and only a person could have filled one since: that is the next judging's.
        if (judged == null || expected instanceof Place.Occupied) {
            removeOther(fold, path, cleanup);
        }
    }

    /**
     * In a replay the staged name of large data may be gone because a finished publish had moved it (filesystems that
     * lost the second link) or it was never kept: then its very inode must be in place, or the bytes are lost.
     */
    private boolean replayFindsInPlace(Fold fold, CommitRecord record, String stagedData) throws IOException {
        int found = posix.statx(root.fd(), stagedData, 0, new FileStat());
        if (found == 0) {
            return false;
        }
        if (found != -Errno.ENOENT) {
            throw new PosixException(-found, "statx", stagedData);
        }
        Staged staged = Objects.requireNonNull(record.staged());
        Place.Occupied at = tree.look(fold.object()).occupied();
        if (at == null || at.inode() != staged.inode() || at.size() != staged.size()) {
            throw new IOException("the bytes of a committed object are gone: " + fold.object() + ", record "
                    + record.id() + ", staged as " + stagedData);
        }
        sidecars.name(record, record.stamp(), fold.sidecar(), null);
        try (Fd data = openStaged(at.path().toString())) {
            setAttributes(data, record.stamp());
        }
        return true;
    }

    /**
     * Whether a person has written into large data through the name that it had been published under, of which the staged
     * name is a link: its size says so, or a time after its stamp. The latter may also come of a clock that was set back
     * before the stamp was given, so then the bytes are asked.
     */
    private static boolean isChangedByHand(CommitRecord record, Fd data) throws IOException {
        FileStat stat = FileIo.stat(data);
        if (stat.size != Objects.requireNonNull(record.staged()).size()) {
            return true;
        }
        if (stat.mtimeNanos <= record.stamp().nanos()) {
            return false;
        }
        Sidecar sidecar = SidecarCodec.decode(record.sidecar());
        return !ContentDigest.isComparable(sidecar)
                || !ContentDigest.of(data, sidecar).equals(sidecar.etag());
    }

    /** The file goes under the key's name as the person left it, and without the upload's metadata, which is not its own. */
    private void putChangedByHand(Fold fold, CommitRecord record, String stagedData, Cleanup cleanup)
            throws IOException {
        Staged staged = Objects.requireNonNull(record.staged());
        Place expected = tree.look(fold.object());
        Place.Occupied at = expected.occupied();
        if (at == null || at.inode() != staged.inode()) {
            String from = swap.next(record);
            PosixException.check(posix.linkat(root.fd(), stagedData, root.fd(), from), "linkat", stagedData);
            removeOther(fold, mover.moveIn(fold, from, expected, cleanup), cleanup);
        }
        cleanup.garbage(stagedData);
        cleanup.garbage(Names.sidecar(fold.object(), record.stamp()));
    }

    private Fd openStaged(String path) throws PosixException {
        return Fd.open(posix, root.fd(), path, Posix.O_RDWR, 0, StoreRoot.BENEATH);
    }

    private Fd writeInline(String path, byte[] bytes) throws PosixException {
        Fd fd = Fd.open(posix, root.fd(), path, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL, 0600, StoreRoot.BENEATH);
        try {
            FileIo.writeFully(fd, ByteBuffer.wrap(bytes), 0);
            return fd;
        } catch (PosixException e) {
            fd.close();
            throw e;
        }
    }

    private void setAttributes(Fd data, Stamp stamp) throws PosixException {
        int fd = data.number();
        PosixException.check(posix.fchmod(fd, settings.fileMode()), "fchmod", data.path());
        if (settings.uid() >= 0 || settings.gid() >= 0) {
            PosixException.check(posix.fchown(fd, settings.uid(), settings.gid()), "fchown", data.path());
        }
        // Last: a change of owner or mode leaves mtime alone, but nothing may come after the stamp.
        PosixException.check(posix.futimens(fd, stamp.nanos()), "futimens", data.path());
    }

    /** Names the staged sidecar where it is up to date, else writes the record's; the staged name is gone either way. */
    private void nameSidecar(Fold fold, CommitRecord record, String staged, @Nullable StagedFiles files)
            throws PosixException {
        StagedFiles.Meta meta = files == null ? StagedFiles.Meta.OUTDATED : files.sidecar();
        if (meta == StagedFiles.Meta.CURRENT && fold.meta() == null) {
            sidecars.name(record, record.stamp(), fold.sidecar(), staged);
            return;
        }
        sidecars.name(record, record.stamp(), fold.sidecar(), null);
        if (meta != StagedFiles.Meta.NONE) {
            // Gone before the data is in place: an owner that is asked again must not take the upload for unjudged.
            posix.unlinkat(root.fd(), staged, 0);
        }
    }

    /** A key's two paths are one place: after a PUT at one, nothing may stay at the other and come to light later. */
    private void removeOther(Fold fold, KeyPath path, Cleanup cleanup) throws IOException {
        Optional<KeyPath> other = path.form() == KeyPath.Form.ESCAPED
                ? KeyCodec.natural(fold.object())
                : Optional.of(KeyCodec.escaped(fold.object()));
        if (other.isPresent() && tree.look(other.get()) instanceof Place.Occupied) {
            mover.moveOut(fold, other.get(), true, cleanup);
        }
    }

    private void delete(Fold fold, Cleanup cleanup) throws IOException {
        // After a power cut a file that no record accounts for is kept aside, never left in the way of the deletion.
        boolean removed = fold.rebooted();
        Optional<KeyPath> natural = KeyCodec.natural(fold.object());
        if (natural.isPresent() && tree.look(natural.get()) instanceof Place.Occupied) {
            mover.moveOut(fold, natural.get(), removed, cleanup);
            removed = true;
        }
        KeyPath escaped = KeyCodec.escaped(fold.object());
        if (tree.look(escaped) instanceof Place.Occupied) {
            mover.moveOut(fold, escaped, removed, cleanup);
        }
    }

    /**
     * For a replay that finds the fold's last PUT in place already: only its sidecar may be missing, or be of an earlier
     * metadata change.
     */
    public PublishResult confirm(Fold fold) throws IOException {
        CommitRecord data = Objects.requireNonNull(fold.data());
        Cleanup cleanup = new Cleanup(fold);
        sidecars.name(data, data.stamp(), fold.sidecar(), null);
        cleanup.committed();
        Place.Occupied at = tree.look(fold.object()).occupied();
        if (at != null) {
            removeOther(fold, at.path(), cleanup);
        }
        return new PublishResult.InPlace(cleanup.published());
    }

    /** Of a record that was refused and is to be voided: a later replay passes over it. */
    public void discardSidecar(CommitRecord record) {
        if (record.kind() == Kind.PUT) {
            posix.unlinkat(root.fd(), Names.sidecar(record.object(), record.stamp()), 0);
        }
    }

    /** Of a record that has been replayed: its sidecar is in the record. */
    public void discardStagedSidecar(CommitRecord record) {
        Staged staged = record.staged();
        if (staged != null && record.inline() == null) {
            posix.unlinkat(root.fd(), Names.staging(staged.by()) + "/" + Names.stagedSidecar(record.upload()), 0);
        }
    }

    private void changeMetadata(Fold fold) throws IOException {
        CommitRecord meta = Objects.requireNonNull(fold.meta());
        Place.Occupied at = tree.look(fold.object()).occupied();
        // Another file was put there by hand meanwhile: it is not the version whose metadata was changed.
        if (at != null && at.mtimeNanos() == meta.stamp().nanos()) {
            sidecars.exchange(meta, meta.sidecar());
        }
    }
}
