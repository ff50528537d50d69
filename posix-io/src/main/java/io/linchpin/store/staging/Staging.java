package io.linchpin.store.staging;

import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.util.function.LongSupplier;

/**
 * The staging directory of this node's life: {@code .linchpin/staging/<incarnation>/}, mode 0700, the files in it 0600.
 * What lies there when the incarnation is dead is swept by recovery, which looks at everything before it unlinks it.
 */
public final class Staging implements AutoCloseable {
    private static final int PRIVATE_DIRECTORY = 0700;

    private final StoreRoot root;
    private final Incarnation incarnation;
    private final StagingSettings settings;
    private final Fd directory;
    private final SpaceGuard space;

    private Staging(
            StoreRoot root, Incarnation incarnation, StagingSettings settings, Fd directory, LongSupplier nanoTime) {
        this.root = root;
        this.incarnation = incarnation;
        this.settings = settings;
        this.directory = directory;
        this.space = new SpaceGuard(directory, settings, nanoTime);
    }

    /**
     * Makes the directory, durably: an upload that is synced later must not be lost with its directory.
     *
     * @param nanoTime a clock that only goes forward, as {@code System::nanoTime}
     */
    public static Staging open(StoreRoot root, Incarnation incarnation, StagingSettings settings, LongSupplier nanoTime)
            throws PosixException {
        try (Fd home = below(root, Names.HOME)) {
            if (FileIo.mkdirIfAbsent(home, leaf(Names.STAGING), PRIVATE_DIRECTORY)) {
                FileIo.fsync(home);
            }
        }
        try (Fd staging = below(root, Names.STAGING)) {
            FileIo.mkdirIfAbsent(staging, incarnation.value(), PRIVATE_DIRECTORY);
            FileIo.fsync(staging);
        }
        return new Staging(root, incarnation, settings, below(root, Names.staging(incarnation)), nanoTime);
    }

    private static Fd below(StoreRoot root, String relative) throws PosixException {
        int fd = PosixException.check(root.openDirectory(relative), "openat2", relative);
        return Fd.adopt(root.posix(), fd, relative);
    }

    private static String leaf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * Begins an upload. Nothing is on the disk yet.
     *
     * @param id never used before in this store
     * @param expectedSizeOrMinusOne bytes of data, or -1 where that is not known
     * @throws PosixException with ENOSPC where the reserve would be touched
     */
    public StagedUpload begin(UploadId id, long expectedSizeOrMinusOne) throws PosixException {
        return new StagedUpload(this, id, expectedSizeOrMinusOne);
    }

    /**
     * Promises room to bytes that go elsewhere in the store.
     *
     * @param files to be made besides
     * @throws PosixException with ENOSPC where the reserve would be touched
     */
    public Room room(long bytes, int files) throws PosixException {
        return new Room(space, bytes, files);
    }

    public Incarnation incarnation() {
        return incarnation;
    }

    public StagingSettings settings() {
        return settings;
    }

    Fd directory() {
        return directory;
    }

    SpaceGuard space() {
        return space;
    }

    /** Another descriptor of the directory. */
    Fd openDirectory() throws PosixException {
        return below(root, Names.staging(incarnation));
    }

    /** Closes the directory, after the last upload has ended. What lies in it stays. */
    @Override
    public void close() {
        directory.close();
    }
}
