package io.linchpin.store.check;

import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.Place;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.sidecar.ContentDigest;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarFiles;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes planned repairs, each after a new look: what has changed since it was planned is left alone.
 *
 * <p>Only for a store that no node runs on and whose journals have all been replayed and retired; the caller makes sure of
 * the first by holding the nodes' locks, the second is checked here.
 */
public final class Repairs {
    private final StoreRoot root;
    private final ObjectTree tree;
    private final SidecarFiles sidecars;
    private @Nullable Awaited awaited;

    public Repairs(StoreRoot root) {
        this.root = root;
        this.tree = new ObjectTree(root);
        this.sidecars = new SidecarFiles(root);
    }

    /**
     * Makes one repair.
     *
     * @return whether it was made; false where it is not safe any more
     */
    public boolean apply(Repair repair) throws IOException {
        if (!new Directories(root).isEmpty(Names.JOURNAL)) {
            return false;
        }
        return switch (repair) {
            case Repair.RemoveSidecar r -> {
                Place.Occupied file = tree.look(r.object()).occupied();
                // Of a foreign file, which may have lost its time, every sidecar of its key may be the one.
                boolean needed = file != null
                        && (file.mtimeNanos() == r.stamp().nanos()
                                || sidecars.find(r.object(), new Stamp(file.mtimeNanos()))
                                        .isEmpty());
                yield !needed && unlink(r.path());
            }
            case Repair.RemoveLeftover r -> !awaited().holds(r.path()) && unlink(r.path());
            case Repair.Rebind r -> rebind(r);
        };
    }

    /** Looked for once: where no node runs nobody sends a completion. */
    private Awaited awaited() throws PosixException {
        Awaited known = awaited;
        if (known == null) {
            known = Awaited.in(root);
            awaited = known;
        }
        return known;
    }

    private boolean unlink(String path) throws PosixException {
        int slash = path.lastIndexOf('/');
        String directory = path.substring(0, slash);
        int number = PosixException.check(root.openDirectory(directory), "openat2", directory);
        try (Fd parent = Fd.adopt(root.posix(), number, directory)) {
            return FileIo.unlinkIfPresent(parent, path.substring(slash + 1));
        }
    }

    private boolean rebind(Repair.Rebind r) throws IOException {
        Optional<Sidecar> sidecar = sidecars.find(r.object(), r.stamp());
        int flags = Posix.O_RDWR | Posix.O_NONBLOCK;
        try (Fd file = Fd.open(root.posix(), root.fd(), r.path().toString(), flags, 0, StoreRoot.BENEATH)) {
            FileStat stat = FileIo.stat(file);
            boolean same = stat.isRegular()
                    && stat.inode == r.inode()
                    && stat.mtimeNanos == r.mtimeNanos()
                    && stat.size == r.size();
            if (!same
                    || sidecar.isEmpty()
                    || sidecar.get().size() != stat.size
                    || !ContentDigest.of(file, sidecar.get())
                            .equals(sidecar.get().etag())) {
                return false;
            }
            PosixException.check(root.posix().futimens(file.number(), r.stamp().nanos()), "futimens", file.path());
            FileIo.fsync(file);
            return true;
        }
    }
}
