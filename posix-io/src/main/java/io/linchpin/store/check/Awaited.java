package io.linchpin.store.check;

import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Staging directories that completions of multipart uploads name which were sent and are not settled. The completed object
 * waits there, and whether it does tells who settles it what nobody else can. Where an upload cannot be read it may name any.
 */
final class Awaited {
    private final Set<Incarnation> named;
    private final boolean any;

    private Awaited(Set<Incarnation> named, boolean any) {
        this.named = named;
        this.any = any;
    }

    static Awaited in(StoreRoot root) throws PosixException {
        Set<Incarnation> named = new HashSet<>();
        try {
            new UploadStore(root).unsettled().forEach(each -> named.add(each.stagedBy()));
            return new Awaited(named, false);
        } catch (PosixException e) {
            throw e;
        } catch (IOException damaged) {
            return new Awaited(named, true);
        }
    }

    /** Whether a file is in one of them. */
    boolean holds(String path) {
        String staging = Names.STAGING + "/";
        return path.startsWith(staging)
                && (any || named.stream().anyMatch(each -> path.startsWith(Names.staging(each) + "/")));
    }
}
