package io.linchpin.store.bucket;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The making, changing and removing of buckets. A bucket begins when its directory is made, which comes last, and ends
 * when its directory is removed, which comes first: whoever sees the directory finds the right state beside it.
 *
 * <p>Everything is durable when a method returns. One writer a bucket at a time is expected for changes and removals;
 * creations may race, and agree.
 */
public final class BucketLife {
    /** Of a bucket's directory; the process's umask takes bits away. */
    private static final int BUCKET_MODE = 0777;

    private static final int STATE_MODE = 0600;
    private static final int MAX_ROUNDS = 100;

    private final StoreRoot root;
    private final Posix posix;
    private final BucketStates states;
    private final Incarnation self;
    private final SidecarDirectories sidecars;
    private final InstantSource clock;
    private final LongSupplier generations;
    private final Supplier<UploadId> ids;

    /**
     * Writes through to the same files that {@code states} reads.
     *
     * @param self whose unfinished files are swept after its death
     * @param generations unique in the store's life, and never 0
     * @param ids names for temporary files, never the same one twice
     */
    public BucketLife(
            StoreRoot root,
            Incarnation self,
            BucketStates states,
            InstantSource clock,
            LongSupplier generations,
            Supplier<UploadId> ids) {
        this.root = root;
        this.posix = root.posix();
        this.self = self;
        this.states = states;
        this.sidecars = new SidecarDirectories(root);
        this.clock = clock;
        this.generations = generations;
        this.ids = ids;
    }

    /** What became of {@link #create}. */
    public sealed interface Creation {
        /** Made by this call. */
        record Created(BucketState state) implements Creation {}

        /** There already, made by hand perhaps; nothing was changed. */
        record Existing(BucketState state) implements Creation {}

        /** A file, a symlink or the like has the name: neither a bucket nor to be touched. */
        record NameTaken() implements Creation {}
    }

    /** What became of {@link #remove}. */
    public sealed interface Removal {
        /** There is no such bucket now. */
        record Removed() implements Removal {}

        /** It holds an object, or another file: it stands, and its state is as it was. */
        record NotEmpty() implements Removal {}
    }

    /**
     * Makes a bucket unless it is there.
     *
     * @param region the LocationConstraint, or empty
     */
    public Creation create(BucketName name, String region) throws IOException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Optional<BucketState> existing = states.readLasting(name);
            if (existing.isPresent()) {
                return new Creation.Existing(existing.get());
            }
            FileStat stat = new FileStat();
            int found = posix.statx(root.fd(), name.value(), 0, stat);
            if (found >= 0 && !stat.isDirectory()) {
                return new Creation.NameTaken();
            }
            if (found == -Errno.ENOENT) {
                BucketState state = prepare(name, region);
                int made = posix.mkdirat(root.fd(), name.value(), BUCKET_MODE);
                if (made != -Errno.EEXIST) {
                    PosixException.check(made, "mkdirat", name.value());
                    makeDurable(name);
                    return new Creation.Created(state);
                }
            } else {
                PosixException.check(found, "statx", name.value());
            }
        }
        throw new PosixException(Errno.EAGAIN, "mkdirat", name.value());
    }

    /** Makes all of a bucket but its directory. */
    private BucketState prepare(BucketName name, String region) throws IOException {
        Optional<BucketState> left = leftState(name);
        if (left.isPresent() && left.get().status() == BucketState.Status.OPEN) {
            // Somebody is creating it at this moment, or died while at it: of one generation with them.
            sidecars.makeAll(name);
            BucketState state = open(name, left.get().generation(), region);
            write(state);
            return state;
        }
        if (left.isPresent()) {
            syncRemoval();
            purge(name);
        }
        sidecars.makeAll(name);
        BucketState state = open(name, nextGeneration(), region);
        return put(state, Posix.RENAME_NOREPLACE) ? state : prepare(name, region);
    }

    /** The state of a bucket that is not there; a damaged one is of no use to anybody, and goes. */
    private Optional<BucketState> leftState(BucketName name) throws IOException {
        try {
            return states.readFile(name);
        } catch (CorruptBucketStateException e) {
            unlinkState(name);
            return Optional.empty();
        }
    }

    private BucketState open(BucketName name, long generation, String region) {
        return new BucketState(name, generation, BucketState.Status.OPEN, now(), region);
    }

    private long nextGeneration() {
        long generation = generations.getAsLong();
        if (generation == BucketState.MADE_BY_HAND) {
            throw new IllegalStateException("generation 0 is that of directories made by hand");
        }
        return generation;
    }

    private Instant now() {
        return clock.instant();
    }

    /** Writes a bucket's state, in place of the one before. */
    public void write(BucketState state) throws IOException {
        put(state, 0);
    }

    /** Whether the state file is in place: false only where RENAME_NOREPLACE met another. */
    private boolean put(BucketState state, int renameFlags) throws IOException {
        String leaf = state.name().value();
        String staged = Names.unfinishedBucketState(self) + ids.get();
        try (Fd dir = Directories.open(root, Names.BUCKETS)) {
            long previous =
                    FileIo.statIfPresent(dir, leaf).map(s -> s.mtimeNanos).orElse(0L);
            try (Fd fd = FileIo.createSmall(dir, staged, STATE_MODE, BucketStateCodec.encode(state))) {
                // Readers know a file by inode and mtime, and the inode of the one before the last may come again.
                long mtime = Math.max(previous + 1, nanos(now()));
                PosixException.check(posix.futimens(fd.number(), mtime), "futimens", staged);
                FileIo.fsync(fd);
                int renamed = rename(dir, staged, leaf, renameFlags);
                if (renamed == -Errno.EEXIST && renameFlags != 0) {
                    FileIo.unlinkIfPresent(dir, staged);
                    return false;
                }
                PosixException.check(renamed, "renameat2", Names.bucketState(state.name()));
            } catch (PosixException e) {
                posix.unlinkat(dir.number(), staged, 0);
                throw e;
            }
            FileIo.fsync(dir);
            return true;
        }
    }

    private int rename(Fd dir, String from, String to, int flags) {
        int renamed = posix.renameat2(dir.number(), from, dir.number(), to, flags);
        if (flags != Posix.RENAME_NOREPLACE || (renamed != -Errno.EINVAL && renamed != -Errno.ENOSYS)) {
            return renamed;
        }
        int linked = posix.linkat(dir.number(), from, dir.number(), to);
        return linked < 0 ? linked : posix.unlinkat(dir.number(), from, 0);
    }

    private static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }

    /** Whether the bucket holds no file at this moment: a look, so that one in use is not closed in vain. */
    public boolean looksEmpty(BucketName name) throws IOException {
        for (String tree : new String[] {Names.odd(name), Names.versions(name), name.value()}) {
            if (!Directories.holdsNoFile(root, tree)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Removes a bucket that is closing, its multipart uploads included, unless it holds a file. Files in the bucket are
     * never unlinked: its directories go bottom-up by rmdir, so that the kernel decides against whoever writes meanwhile.
     * Of an absent bucket, what a removal cut short has left goes.
     *
     * @throws IllegalStateException where the bucket is there and not {@link BucketState.Status#CLOSING}
     */
    public Removal remove(BucketName name) throws IOException {
        Optional<BucketState> state = states.read(name);
        if (state.isPresent()) {
            if (state.get().status() != BucketState.Status.CLOSING) {
                throw new IllegalStateException("bucket " + name + " is to be removed and is not closing");
            }
            // The bucket's own directory goes last of the three: with it goes the bucket.
            String[] trees = {Names.odd(name), Names.versions(name), name.value()};
            for (String tree : trees) {
                if (!Directories.holdsNoFile(root, tree)) {
                    return new Removal.NotEmpty();
                }
            }
            for (String tree : trees) {
                if (!Directories.removeEmpty(root, tree)) {
                    return new Removal.NotEmpty();
                }
            }
        }
        boolean closing = leftState(name)
                .filter(s -> s.status() == BucketState.Status.CLOSING)
                .isPresent();
        if (closing || state.isPresent()) {
            syncRemoval();
        }
        if (closing) {
            purge(name);
        }
        return new Removal.Removed();
    }

    /**
     * A removal of directories lasts from here on, also one that somebody else was cut short in. Sidecars go after that: a
     * power cut must not bring back a directory with objects and not what belongs to them.
     */
    private void syncRemoval() throws PosixException {
        root.sync();
        root.sync(Names.ODD);
        root.sync(Names.VERSIONS);
    }

    /** Removes what belongs to a bucket whose directory is gone for good; its state last. */
    private void purge(BucketName name) throws IOException {
        Directories.purge(root, Names.uploads(name));
        Directories.purge(root, Names.sidecars(name));
        // Once the state is gone nobody comes back for what a power cut brings back of these.
        root.sync(Names.UPLOADS);
        root.sync(Names.SIDECARS);
        unlinkState(name);
    }

    private void unlinkState(BucketName name) throws PosixException {
        try (Fd dir = Directories.open(root, Names.BUCKETS)) {
            FileIo.unlinkIfPresent(dir, name.value());
            FileIo.fsync(dir);
        }
    }

    /** A bucket whose directory is not durable goes again: whoever asked once more would be told that it exists. */
    private void makeDurable(BucketName made) throws PosixException {
        try {
            root.sync();
        } catch (PosixException e) {
            posix.unlinkat(root.fd(), made.value(), Posix.AT_REMOVEDIR);
            throw e;
        }
    }
}
