package io.linchpin.store.commit;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.Place;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.sidecar.ForeignVersion;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarCodec;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.io.IOException;

/** Looks at what stands in a key's place, for its owner, while nothing of the key is pending. */
final class VersionLook {
    private final StoreRoot root;
    private final ObjectTree tree;

    VersionLook(StoreRoot root, ObjectTree tree) {
        this.root = root;
        this.tree = tree;
    }

    /**
     * What is in place.
     *
     * @param withMetadata whether the sidecar is needed too
     */
    Version look(ObjectId object, boolean withMetadata) throws IOException {
        Place.Occupied at = tree.lookAsOwner(object).occupied();
        if (at == null) {
            return new Version.Absent(new Place.Absent());
        }
        Identity identity = new Identity(at.inode(), at.mtimeNanos(), at.size());
        if (!withMetadata) {
            return new Version.Present(identity, false, null, at);
        }
        String path = Names.sidecar(object, new Stamp(at.mtimeNanos()));
        int opened = root.posix().openat2(root.fd(), path, Posix.O_RDONLY, 0, StoreRoot.BENEATH);
        if (opened != -Errno.ENOENT) {
            PosixException.check(opened, "openat2", path);
            try (Fd fd = Fd.adopt(root.posix(), opened, path)) {
                Sidecar sidecar = SidecarCodec.decode(FileIo.readSmall(fd, SidecarCodec.MAX_BYTES));
                if (sidecar.size() == at.size()) {
                    return new Version.Present(identity, false, sidecar, at);
                }
            }
        }
        Sidecar derived = ForeignVersion.describe(object, at.inode(), at.mtimeNanos(), at.size());
        return new Version.Present(identity, true, derived, at);
    }
}
