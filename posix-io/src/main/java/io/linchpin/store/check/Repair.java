package io.linchpin.store.check;

import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.util.Optional;

/** One safe repair, planned and not yet made. */
public sealed interface Repair {
    /** Removes a sidecar of no version in place. */
    record RemoveSidecar(ObjectId object, Stamp stamp, String path) implements Repair {}

    /** Removes what a dead node left half written. */
    record RemoveLeftover(String path) implements Repair {}

    /** Sets a file's time to the stamp of the version that it is, so that its metadata is its own again. */
    record Rebind(ObjectId object, KeyPath path, long inode, long mtimeNanos, long size, Stamp stamp)
            implements Repair {}

    /** The repair of a finding; empty where a person must look. */
    static Optional<Repair> of(Finding finding) {
        return switch (finding) {
            case Finding.OrphanSidecar f
            when f.removable() -> Optional.of(new RemoveSidecar(f.object(), f.stamp(), f.path()));
            case Finding.StagingLeftover f when f.removable() -> Optional.of(new RemoveLeftover(f.path()));
            case Finding.LostTime f ->
                Optional.of(new Rebind(f.object(), f.path(), f.inode(), f.mtimeNanos(), f.size(), f.stamp()));
            case Finding.OrphanSidecar f -> Optional.empty();
            case Finding.StagingLeftover f -> Optional.empty();
            case Finding.CorruptSidecar f -> Optional.empty();
            case Finding.SizeDiffers f -> Optional.empty();
            case Finding.DigestDiffers f -> Optional.empty();
            case Finding.UndecodableName f -> Optional.empty();
            case Finding.StrayFile f -> Optional.empty();
            case Finding.SwapLeftover f -> Optional.empty();
            case Finding.Displaced f -> Optional.empty();
            case Finding.UploadLeftover f -> Optional.empty();
        };
    }
}
