package io.linchpin.store.read;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.KeyCodec;
import io.linchpin.store.layout.KeyPath;
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
import org.jspecify.annotations.Nullable;

/**
 * The reader protocol. Any node runs it at any moment, beside the owner's publishing, without a lock:
 *
 * <ol>
 *   <li>open the data: the natural path, the escaped one, the natural one again;
 *   <li>fstat it: its mtime is the stamp, if it is a version of ours;
 *   <li>read the sidecar of exactly that key and stamp;
 *   <li>found, and of the same size: this is the version;
 *   <li>not so: look at the key's place again. The same file: it is foreign. Another one: begin again. None: no such key.
 * </ol>
 *
 * <p><b>Why what is paired belongs together.</b> A stamp is given once in the store's life, to one version of one key. It
 * is set on the data before the data is in place, and it names the sidecar, which is in place before the data is. So a
 * data file with stamp <i>s</i> and a sidecar named <i>s</i> are one upload's, whichever moment each was opened at. A
 * change of metadata exchanges one whole sidecar of the same upload for another.
 *
 * <p><b>Why "the same file, and no sidecar" means foreign.</b> Suppose it were a version of ours. Its sidecar was named
 * before the file came into place, and goes only at the checkpoint after the file has been replaced or deleted. The file
 * was in place when it was opened and again at the second look, and the sidecar was missed in between; so it must have
 * left the place and come back in between. But Linchpin puts no version in place twice: what an exchange or a DELETE
 * brings back there is a directory or a hand-made file, and a replay runs before any port is open. It is not another file
 * under the same inode number either, since the one that is open keeps its number.
 *
 * <p><b>Why "another file" must begin again.</b> The reader may have been slow: it opened version 1, which version 2
 * replaced, and a checkpoint took the sidecar of 1. To call 1 foreign would give an upload's bytes without its metadata.
 * "None" is an honest answer then: at the second look there was nothing.
 *
 * <p><b>A sidecar of another size</b> is that of a version that a person changed while its mtime was kept: foreign too.
 * An edit that lasts through the read is found by {@link OpenObject#verifyUnchanged}. A sidecar that cannot be trusted is
 * never passed over: to serve the file as foreign would lose its metadata without a word.
 */
public final class ObjectReader {
    /** Each further round needs another replacement of the key within a few system calls. */
    private static final int MAX_ROUNDS = 100;

    private static final Opened NO_SUCH_KEY = new Opened.NoSuchKey();

    private final StoreRoot root;
    private final ObjectTree tree;
    private final SidecarFiles sidecars;

    public ObjectReader(StoreRoot root) {
        this.root = root;
        this.tree = new ObjectTree(root);
        this.sidecars = new SidecarFiles(root);
    }

    /**
     * Opens the object as it is at some moment during the call.
     *
     * @throws io.linchpin.store.sidecar.CorruptSidecarException where its sidecar cannot be trusted
     * @throws PosixException an operating fault; EAGAIN where the key is replaced faster than it can be read
     */
    public Opened open(ObjectId object) throws IOException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Candidate candidate = openData(object);
            if (candidate == null) {
                return NO_SUCH_KEY;
            }
            OpenObject open = null;
            try {
                open = pair(object, candidate);
            } finally {
                if (open == null) {
                    candidate.data.close();
                }
            }
            if (open != null) {
                return new Opened.Found(open);
            }
        }
        throw new PosixException(Errno.EAGAIN, "open", object.toString());
    }

    private record Candidate(Fd data, KeyPath path, FileStat stat) {}

    /** Null: the place holds another file by now, or none. */
    private @Nullable OpenObject pair(ObjectId object, Candidate candidate) throws IOException {
        FileStat stat = candidate.stat;
        Optional<Sidecar> sidecar = sidecars.find(object, new Stamp(stat.mtimeNanos));
        if (sidecar.isPresent() && sidecar.get().size() == stat.size) {
            return new OpenObject(candidate.data, candidate.path, stat, sidecar.get(), false);
        }
        Place.Occupied now = tree.look(object).occupied();
        if (now == null || !now.isSameFile(stat.inode, stat.mtimeNanos, stat.size)) {
            return null;
        }
        Sidecar derived = ForeignVersion.describe(object, stat.inode, stat.mtimeNanos, stat.size);
        return new OpenObject(candidate.data, candidate.path, stat, derived, true);
    }

    private @Nullable Candidate openData(ObjectId object) throws PosixException {
        Optional<KeyPath> natural = KeyCodec.natural(object);
        Candidate found = natural.isPresent() ? openData(natural.get()) : null;
        if (found == null) {
            found = openData(KeyCodec.escaped(object));
        }
        if (found == null && natural.isPresent()) {
            found = openData(natural.get());
        }
        return found;
    }

    private @Nullable Candidate openData(KeyPath path) throws PosixException {
        // O_NONBLOCK: to open a FIFO that somebody put there must not hang.
        int flags = Posix.O_RDONLY | Posix.O_NONBLOCK;
        int number = root.posix().openat2(root.fd(), path.toString(), flags, 0, StoreRoot.BENEATH);
        if (ObjectTree.isAbsence(number) || number == -Errno.ENXIO) {
            return null;
        }
        PosixException.check(number, "openat2", path.toString());
        Fd data = Fd.adopt(root.posix(), number, path.toString());
        try {
            FileStat stat = FileIo.stat(data);
            if (stat.isRegular()) {
                Candidate candidate = new Candidate(data, path, stat);
                data = null;
                return candidate;
            }
            return null;
        } finally {
            if (data != null) {
                data.close();
            }
        }
    }
}
