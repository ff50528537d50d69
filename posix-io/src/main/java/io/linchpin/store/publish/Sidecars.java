package io.linchpin.store.publish;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Gives sidecars their stamped names. */
final class Sidecars {
    private static final int NEW = Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL;

    private final StoreRoot root;
    private final Posix posix;
    private final Swap swap;

    Sidecars(StoreRoot root, Swap swap) {
        this.root = root;
        this.posix = root.posix();
        this.swap = swap;
    }

    /**
     * Puts a sidecar under its stamped name: the staged file where there is one, else the bytes. The name is fresh but
     * for a replay, which may find what an earlier publish made of it and then exchanges that.
     */
    void name(CommitRecord record, Stamp stamp, byte[] bytes, @Nullable String staged) throws PosixException {
        String path = Names.sidecar(record.object(), stamp);
        String from = staged;
        for (int round = 0; round < 3; round++) {
            int named = from == null
                    ? create(path, bytes)
                    : posix.renameat2(root.fd(), from, root.fd(), path, Posix.RENAME_NOREPLACE);
            switch (-named) {
                case 0 -> {
                    return;
                }
                case Errno.EEXIST -> {
                    replace(from == null ? write(record, bytes) : from, path);
                    return;
                }
                case Errno.ENOENT -> {
                    // Either the directory is missing (a bucket made by hand), or the staged file is (a replay).
                    makeDirectory(record.object());
                    if (from != null && !exists(from)) {
                        from = null;
                    }
                }
                default -> PosixException.check(named, from == null ? "openat2" : "renameat2", path);
            }
        }
        throw new PosixException(Errno.ENOENT, "renameat2", path);
    }

    /**
     * Writes a sidecar where nothing refers to it yet: the data of its stamp is moved into place only after this. What a
     * crash leaves half written, the replay finds under the name and exchanges.
     */
    private int create(String path, byte[] bytes) throws PosixException {
        int opened = posix.openat2(root.fd(), path, NEW, 0600, StoreRoot.BENEATH);
        if (opened < 0) {
            return opened;
        }
        try (Fd fd = Fd.adopt(posix, opened, path)) {
            FileIo.writeFully(fd, ByteBuffer.wrap(bytes), 0);
        }
        return 0;
    }

    /** Exchanges the sidecar of a version whose metadata alone has changed. */
    void exchange(CommitRecord record, byte[] bytes) throws PosixException {
        replace(write(record, bytes), Names.sidecar(record.object(), record.stamp()));
    }

    /** Where it fails, a sidecar is in place as before, and the other one is gone: it was nobody's. */
    private void replace(String from, String path) throws PosixException {
        int exchanged = posix.renameat2(root.fd(), from, root.fd(), path, Posix.RENAME_EXCHANGE);
        if (exchanged == 0) {
            PosixException.check(posix.unlinkat(root.fd(), from, 0), "unlinkat", from);
            return;
        }
        int moved = exchanged;
        if (exchanged == -Errno.ENOENT || exchanged == -Errno.EINVAL || exchanged == -Errno.ENOSYS) {
            // A rename over it is as atomic, only slower; an exchange is not available, or there is nothing to
            // exchange.
            moved = posix.renameat2(root.fd(), from, root.fd(), path, 0);
        }
        if (moved < 0) {
            posix.unlinkat(root.fd(), from, 0);
        }
        PosixException.check(moved, "renameat2", path);
    }

    private String write(CommitRecord record, byte[] bytes) throws PosixException {
        String path = swap.fresh(record, ".meta");
        Fd fd = Fd.open(posix, root.fd(), path, NEW, 0600, StoreRoot.BENEATH);
        try (fd) {
            FileIo.writeFully(fd, ByteBuffer.wrap(bytes), 0);
        } catch (PosixException e) {
            posix.unlinkat(root.fd(), path, 0);
            throw e;
        }
        return path;
    }

    private boolean exists(String path) throws PosixException {
        int found = posix.statx(root.fd(), path, 0, new FileStat());
        if (found == -Errno.ENOENT) {
            return false;
        }
        PosixException.check(found, "statx", path);
        return true;
    }

    private void makeDirectory(ObjectId object) throws PosixException {
        String bucket = Names.sidecars(object.bucket());
        String directory = Names.sidecarDirectory(object.bucket(), Names.keyHash(object));
        for (String d : new String[] {bucket, directory}) {
            int made = posix.mkdirat(root.fd(), d, 0700);
            if (made != -Errno.EEXIST) {
                PosixException.check(made, "mkdirat", d);
            }
        }
    }
}
