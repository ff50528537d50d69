package io.linchpin.store.publish;

import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.journal.LiveRecord;
import io.linchpin.store.layout.Names;
import io.linchpin.store.value.Stamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far one publish has come, and what it leaves behind for the checkpoint that retires its records. */
final class Cleanup {
    private final List<String> garbage = new ArrayList<>(2);
    private final Fold fold;
    private boolean committed;
    private @Nullable String copy;

    Cleanup(Fold fold) {
        this.fold = fold;
    }

    /** The bucket has changed: from here on the publish can only be finished. */
    void committed() {
        committed = true;
    }

    boolean isCommitted() {
        return committed;
    }

    /** The journal's bytes are about to be written here: not garbage where they get into place, and nobody's where not. */
    void copied(String path) {
        copy = path;
    }

    @Nullable
    String copy() {
        return copy;
    }

    void garbage(String path) {
        garbage.add(path);
    }

    /**
     * A version of this key is no longer in place: its sidecar, if it had one, goes later. Not where a replay met the very
     * version that it put in place.
     */
    void replaced(Identity file) {
        CommitRecord data = fold.data();
        if (data != null && data.kind() == Kind.PUT && data.stamp().nanos() == file.mtimeNanos()) {
            return;
        }
        garbage.add(Names.sidecar(fold.object(), new Stamp(file.mtimeNanos())));
    }

    LiveRecord.Published published() {
        return new LiveRecord.Published(garbage);
    }
}
