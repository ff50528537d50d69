package io.linchpin.store.bucket;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which buckets there are, and in what state. A bucket is a directory in the root with the name of one, not a symlink;
 * its state file goes with it. A directory without a state file was made by hand: open, of generation 0. A state file
 * without a directory is what a crash left of a creation or a deletion: no bucket.
 *
 * <p>Every question is asked of the filesystem, so that a change by another process or a person counts at once: two
 * statx calls for a bucket whose state file is as it was. The parsed states are kept, one for each bucket seen that has a
 * state file, under the file's inode and mtime (which a writer never repeats).
 */
public final class BucketStates {
    private static final Logger log = LoggerFactory.getLogger(BucketStates.class);

    /** How often a state file may be replaced while it is looked at. */
    private static final int MAX_ROUNDS = 100;

    private final StoreRoot root;
    private final Posix posix;
    private final Map<BucketName, Cached> cache = new ConcurrentHashMap<>();

    private final Map<BucketName, Lasting> lasting = new ConcurrentHashMap<>();

    private record Cached(long inode, long mtimeNanos, BucketState state) {}

    /** A directory whose entry in the root was synced by this process. */
    private record Lasting(long inode, long bornNanos) {
        boolean is(FileStat directory) {
            return inode == directory.inode && bornNanos == directory.bornNanos;
        }
    }

    public BucketStates(StoreRoot root) {
        this.root = root;
        this.posix = root.posix();
    }

    /**
     * The bucket's state now; empty where there is no such bucket.
     *
     * @throws CorruptBucketStateException where the state file is damaged
     */
    public Optional<BucketState> read(BucketName name) throws IOException {
        return read(name, new FileStat());
    }

    /**
     * As {@link #read}; and what is put into the bucket from now on has a directory to be in after a power cut. That of a bucket
     * which was made by hand, or by a process that died over it, need not be durable: the root is synced, once for each
     * directory in the life of a process. Once that has failed, directories that were not known to last before are refused until
     * the node is started again.
     */
    public Optional<BucketState> readLasting(BucketName name) throws IOException {
        FileStat directory = new FileStat();
        Optional<BucketState> state = read(name, directory);
        if (state.isPresent()) {
            makeLast(name, directory);
        }
        return state;
    }

    private void makeLast(BucketName name, FileStat directory) throws PosixException {
        Lasting known = lasting.get(name);
        if (known == null || !known.is(directory)) {
            sync(name, directory);
        }
    }

    /** One at a time, for each must see whether another has failed. */
    private synchronized void sync(BucketName name, FileStat directory) throws PosixException {
        if (root.hasFailedToSync()) {
            throw new PosixException(Errno.EIO, "fsync", name.value());
        }
        try {
            root.sync();
        } catch (PosixException e) {
            log.error(
                    "until this node is started again, buckets that it has not written to before take no uploads here",
                    e);
            throw e;
        }
        lasting.put(name, new Lasting(directory.inode, directory.bornNanos));
    }

    private Optional<BucketState> read(BucketName name, FileStat directory) throws IOException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            // The state first: whoever makes a bucket makes its directory last, whoever removes one removes it first.
            Optional<BucketState> written = readFile(name);
            if (!stat(name.value(), directory) || !directory.isDirectory()) {
                return Optional.empty();
            }
            if (written.isPresent()) {
                return written;
            }
            // Made by hand, unless it was created between the two looks.
            FileStat stateFile = new FileStat();
            if (!stat(Names.bucketState(name), stateFile)) {
                return Optional.of(madeByHand(name, directory));
            }
        }
        throw new PosixException(Errno.EAGAIN, "openat2", Names.bucketState(name));
    }

    private static BucketState madeByHand(BucketName name, FileStat directory) {
        return new BucketState(name, BucketState.MADE_BY_HAND, BucketState.Status.OPEN, changed(directory), "");
    }

    private static Instant changed(FileStat directory) {
        return Instant.ofEpochSecond(0, directory.mtimeNanos);
    }

    /** What the state file says, whether or not there is a directory; empty where there is no file. */
    Optional<BucketState> readFile(BucketName name) throws IOException {
        String path = Names.bucketState(name);
        FileStat stat = new FileStat();
        if (!stat(path, stat)) {
            cache.remove(name);
            return Optional.empty();
        }
        Cached cached = cache.get(name);
        if (cached != null && cached.inode == stat.inode && cached.mtimeNanos == stat.mtimeNanos) {
            return Optional.of(cached.state);
        }
        int flags = Posix.O_RDONLY | Posix.O_NONBLOCK;
        int number = posix.openat2(root.fd(), path, flags, 0, StoreRoot.BENEATH);
        if (number == -Errno.ENOENT) {
            cache.remove(name);
            return Optional.empty();
        }
        try (Fd fd = Fd.adopt(posix, PosixException.check(number, "openat2", path), path)) {
            FileStat opened = FileIo.stat(fd);
            BucketState state = BucketStateCodec.decode(name, FileIo.readSmall(fd, BucketStateCodec.MAX_BYTES));
            cache.put(name, new Cached(opened.inode, opened.mtimeNanos, state));
            return Optional.of(state);
        }
    }

    private boolean stat(String path, FileStat into) throws PosixException {
        int result = posix.statx(root.fd(), path, 0, into);
        if (result == -Errno.ENOENT) {
            return false;
        }
        PosixException.check(result, "statx", path);
        return true;
    }

    /**
     * The buckets that are being deleted, or whose deletion was cut short: by their state files, in no order. One that is damaged
     * says nothing, and must not keep others from being found.
     */
    public List<BucketState> closing() throws IOException {
        List<BucketState> found = new ArrayList<>();
        try (Fd all = Directories.open(root, Names.BUCKETS)) {
            for (DirEntry entry : FileIo.list(all)) {
                Optional<BucketName> name = BucketName.parse(entry.name());
                try {
                    Optional<BucketState> written = name.isPresent() ? readFile(name.get()) : Optional.empty();
                    written.filter(s -> s.status() == BucketState.Status.CLOSING)
                            .ifPresent(found::add);
                } catch (CorruptBucketStateException e) {
                    log.debug("passed over", e);
                }
            }
        }
        return found;
    }

    /** Whether a bucket has its directory, whatever its state file says. */
    public boolean isThere(BucketName name) throws PosixException {
        FileStat directory = new FileStat();
        return stat(name.value(), directory) && directory.isDirectory();
    }

    /** What is told of a bucket in a list of all. */
    public record Listed(BucketName name, Instant createdAt) {}

    /**
     * All buckets, by name. One whose state is damaged is among them, for it is there: when it was made is not known, so its
     * directory's time is told, as that of one made by hand. Whoever names it learns that it cannot be served.
     */
    public List<Listed> list() throws IOException {
        List<BucketName> names = new ArrayList<>();
        try (Fd top = Fd.open(posix, root.fd(), ".", Posix.O_RDONLY | Posix.O_DIRECTORY, 0, StoreRoot.BENEATH)) {
            for (DirEntry entry : FileIo.list(top)) {
                if (entry.type() == DirEntry.DIRECTORY || entry.type() == DirEntry.UNKNOWN) {
                    BucketName.parse(entry.name()).ifPresent(names::add);
                }
            }
        }
        names.sort(null);
        List<Listed> buckets = new ArrayList<>(names.size());
        for (BucketName name : names) {
            createdAt(name).ifPresent(at -> buckets.add(new Listed(name, at)));
        }
        return buckets;
    }

    private Optional<Instant> createdAt(BucketName name) throws IOException {
        try {
            return read(name).map(BucketState::createdAt);
        } catch (CorruptBucketStateException e) {
            log.warn("listed with its directory's time: {}", e.getMessage());
            FileStat directory = new FileStat();
            return stat(name.value(), directory) && directory.isDirectory()
                    ? Optional.of(changed(directory))
                    : Optional.empty();
        }
    }
}
