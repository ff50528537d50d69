package io.linchpin.store.commit;

import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.Place;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.sidecar.ForeignVersion;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarFiles;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.util.Optional;

/** Looks at what stands in a key's place, for its owner, while nothing of the key is pending. */
final class VersionLook {
    private final SidecarFiles sidecars;
    private final ObjectTree tree;

    VersionLook(StoreRoot root, ObjectTree tree) {
        this.sidecars = new SidecarFiles(root);
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
        Optional<Sidecar> sidecar = sidecars.find(object, new Stamp(at.mtimeNanos()));
        if (sidecar.isPresent() && sidecar.get().size() == at.size()) {
            return new Version.Present(identity, false, sidecar.get(), at);
        }
        Sidecar derived = ForeignVersion.describe(object, at.inode(), at.mtimeNanos(), at.size());
        return new Version.Present(identity, true, derived, at);
    }
}
