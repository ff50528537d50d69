package io.linchpin.store.layout;

import io.linchpin.posix.Errno;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import java.util.Optional;

/**
 * The files and directories that objects live in: what stands at a key's place, and the directories on the way to it.
 *
 * <p>Everything is opened beneath the root without symlinks, each time anew from the root's descriptor: no directory is
 * remembered, so that a person who moves one away is obeyed by the next call. Nothing is synced here.
 */
public final class ObjectTree {
    /** Of directories in buckets; the process's umask takes bits away. */
    private static final int BUCKET_MODE = 0777;

    private static final int HOME_MODE = 0700;

    /** How often the making of directories starts again when somebody removes them meanwhile. */
    private static final int MAX_ROUNDS = 100;

    private static final Place ABSENT = new Place.Absent();

    private final StoreRoot root;
    private final Posix posix;

    public ObjectTree(StoreRoot root) {
        this.root = root;
        this.posix = root.posix();
    }

    /**
     * What stands at the key's place: its natural path, then its escaped one, then the natural one again, for the object
     * may have changed its form between the first two looks. Only a regular file is an object; anything else is absence.
     */
    public Place look(ObjectId object) throws PosixException {
        Place place = lookAsOwner(object);
        return place instanceof Place.Occupied
                ? place
                : look(KeyCodec.natural(object).orElseGet(() -> KeyCodec.escaped(object)));
    }

    /** {@link #look} by who alone could change the object's form, and does not: two looks tell as much as three. */
    public Place lookAsOwner(ObjectId object) throws PosixException {
        Optional<KeyPath> natural = KeyCodec.natural(object);
        Place place = natural.isPresent() ? look(natural.get()) : ABSENT;
        return place instanceof Place.Occupied ? place : look(KeyCodec.escaped(object));
    }

    /** What stands at one path: absent unless it is a regular file. */
    public Place look(KeyPath path) throws PosixException {
        // statx follows symlinks in the middle of a path, openat2 does not. O_PATH opens no FIFO and needs no
        // permission on the file itself.
        int fd = posix.openat2(root.fd(), path.toString(), Posix.O_PATH, 0, StoreRoot.BENEATH);
        if (fd < 0) {
            if (isAbsence(fd)) {
                return ABSENT;
            }
            throw new PosixException(-fd, "openat2", path.toString());
        }
        FileStat stat = new FileStat();
        int result = posix.statx(fd, "", Posix.AT_EMPTY_PATH, stat);
        posix.close(fd);
        PosixException.check(result, "statx", path.toString());
        return stat.isRegular() ? new Place.Occupied(path, stat.inode, stat.mtimeNanos, stat.size) : ABSENT;
    }

    /** Whether a negative result says that there is no file at a path: nothing, or something else in its way. */
    public static boolean isAbsence(int result) {
        return switch (-result) {
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ENAMETOOLONG, Errno.EXDEV -> true;
            default -> false;
        };
    }

    /**
     * Opens the directory that holds a key's file.
     *
     * @param make whether to make the directories that are missing: below the bucket's own directory, never that one;
     *     for an escaped path {@code odd/<bucket>} too, where the bucket's directory is there. Their entries are not
     *     synced
     * @return a descriptor, which the caller closes, or a negated errno: -ENOENT where the bucket's directory is absent
     *     (or, without {@code make}, any other), -ENOTDIR or -ELOOP where something else is in the way, -EAGAIN where
     *     somebody removed the new directories as fast as they were made, a hundred times
     */
    public int openParent(KeyPath path, boolean make) {
        int fd = root.openDirectory(path.parent());
        if (fd != -Errno.ENOENT || !make) {
            return fd;
        }
        for (int round = 0; round < MAX_ROUNDS; round++) {
            int top = openTop(path);
            if (top < 0) {
                return top;
            }
            fd = walk(top, path);
            if (fd != -Errno.ENOENT) {
                return fd;
            }
            Backoff.pause(round);
        }
        return -Errno.EAGAIN;
    }

    /** Opens the directory below which others may be made. */
    private int openTop(KeyPath path) {
        int fixed = fixedLength(path);
        String bucket = path.parent().substring(path.parent().lastIndexOf('/', fixed - 1) + 1, fixed);
        int fd = root.openDirectory(bucket);
        if (fd < 0 || path.form() == KeyPath.Form.NATURAL) {
            return fd;
        }
        posix.close(fd);
        int odd = root.openDirectory(Names.ODD);
        if (odd < 0) {
            return odd;
        }
        int made = posix.mkdirat(odd, bucket, HOME_MODE);
        fd = made < 0 && made != -Errno.EEXIST ? made : openIn(odd, bucket);
        posix.close(odd);
        return fd;
    }

    /** Goes down from the top, making what is missing; closes {@code top}. -ENOENT: removed meanwhile, start again. */
    private int walk(int top, KeyPath path) {
        int mode = path.form() == KeyPath.Form.NATURAL ? BUCKET_MODE : HOME_MODE;
        String parent = path.parent();
        int at = fixedLength(path);
        int fd = top;
        while (fd >= 0 && at < parent.length()) {
            int slash = parent.indexOf('/', at + 1);
            int end = slash < 0 ? parent.length() : slash;
            String name = parent.substring(at + 1, end);
            int next = openIn(fd, name);
            if (next == -Errno.ENOENT) {
                int made = posix.mkdirat(fd, name, mode);
                next = made < 0 && made != -Errno.EEXIST ? made : openIn(fd, name);
            }
            posix.close(fd);
            fd = next;
            at = end;
        }
        return fd;
    }

    /** Whether a bucket's directory is not there. */
    public boolean isBucketAbsent(BucketName bucket) {
        int fd = root.openDirectory(bucket.value());
        if (fd >= 0) {
            posix.close(fd);
        }
        return fd == -Errno.ENOENT;
    }

    private int openIn(int directory, String name) {
        return posix.openat2(directory, name, Posix.O_RDONLY | Posix.O_DIRECTORY, 0, StoreRoot.BENEATH);
    }

    /**
     * Removes the empty directories above a key's file, upwards from its parent to the first that is not empty; never the
     * bucket's directory nor {@code odd/<bucket>}. What cannot be removed stays, whatever the cause: pruning is tidiness.
     */
    public void prune(KeyPath path) {
        int fixed = fixedLength(path);
        String directory = path.parent();
        while (directory.length() > fixed) {
            int slash = directory.lastIndexOf('/');
            String above = directory.substring(0, slash);
            int fd = root.openDirectory(above);
            int removed = fd < 0 ? fd : posix.unlinkat(fd, directory.substring(slash + 1), Posix.AT_REMOVEDIR);
            if (fd >= 0) {
                posix.close(fd);
            }
            // -ENOENT: another prune was first, and may have stopped where a file was that is gone by now.
            if (removed < 0 && removed != -Errno.ENOENT) {
                return;
            }
            directory = above;
        }
    }

    /** How much of a parent's path is never made nor removed here: the bucket's directory, or {@code odd/<bucket>}. */
    private static int fixedLength(KeyPath path) {
        String parent = path.parent();
        int from = path.form() == KeyPath.Form.NATURAL ? 0 : Names.ODD.length() + 1;
        int slash = parent.indexOf('/', from);
        return slash < 0 ? parent.length() : slash;
    }
}
