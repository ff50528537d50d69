package io.linchpin.store.sidecar;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.sidecar.CorruptSidecarException.Kind;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.util.Optional;

/** The sidecars on the disk, by key and stamp. */
public final class SidecarFiles {
    private final StoreRoot root;

    public SidecarFiles(StoreRoot root) {
        this.root = root;
    }

    /**
     * The sidecar of one version; empty where there is none of that name.
     *
     * @throws CorruptSidecarException where there is one that cannot be trusted, or that is another key's
     */
    public Optional<Sidecar> find(ObjectId object, Stamp stamp) throws IOException {
        Optional<Sidecar> sidecar = read(Names.sidecar(object, stamp));
        if (sidecar.isPresent() && !sidecar.get().object().equals(object)) {
            throw new CorruptSidecarException(Kind.CONTENT, "of another key than its name says");
        }
        return sidecar;
    }

    /** The sidecar at a path below the root; empty where there is none. */
    public Optional<Sidecar> read(String path) throws IOException {
        int flags = Posix.O_RDONLY | Posix.O_NONBLOCK;
        int number = root.posix().openat2(root.fd(), path, flags, 0, StoreRoot.BENEATH);
        if (number == -Errno.ENOENT || number == -Errno.ENOTDIR) {
            return Optional.empty();
        }
        PosixException.check(number, "openat2", path);
        byte[] document;
        try (Fd fd = Fd.adopt(root.posix(), number, path)) {
            document = FileIo.readSmall(fd, SidecarCodec.MAX_BYTES);
        } catch (PosixException e) {
            if (e.errno() == Errno.EFBIG || e.errno() == Errno.EINVAL) {
                throw new CorruptSidecarException(Kind.TOO_LONG, "no regular file of a sidecar's length", e);
            }
            throw e;
        }
        return Optional.of(SidecarCodec.decode(document));
    }
}
