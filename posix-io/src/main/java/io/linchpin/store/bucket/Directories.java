package io.linchpin.store.bucket;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.StoreRoot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Whole trees of directories: looked through, and removed. No symlink is followed. */
final class Directories {
    private Directories() {}

    static Fd open(StoreRoot root, String path) throws PosixException {
        return Fd.open(root.posix(), root.fd(), path, Posix.O_RDONLY | Posix.O_DIRECTORY, 0, StoreRoot.BENEATH);
    }

    /** A directory on the way down, and those in it that are still to be visited. */
    private record Frame(String path, Deque<String> left) {}

    /** Whether there is nothing but directories in a tree; an absent one has nothing. */
    static boolean holdsNoFile(StoreRoot root, String path) throws PosixException {
        return visit(root, path, false);
    }

    /**
     * Removes a tree of empty directories, bottom-up and itself last, by rmdir alone.
     *
     * @return whether it is gone; false where it holds a file, or somebody puts one in meanwhile: then a part of the
     *     empty directories may be gone
     */
    static boolean removeEmpty(StoreRoot root, String path) throws PosixException {
        return visit(root, path, true);
    }

    /** Goes through a tree by paths from the root, so that no depth of it takes more than two descriptors. */
    private static boolean visit(StoreRoot root, String top, boolean remove) throws PosixException {
        Deque<Frame> frames = new ArrayDeque<>();
        String next = top;
        while (next != null) {
            Deque<String> children = new ArrayDeque<>();
            if (!subdirectories(root, next, children)) {
                return false;
            }
            frames.push(new Frame(next, children));
            next = null;
            while (next == null && !frames.isEmpty()) {
                Frame frame = frames.peek();
                String child = frame.left.poll();
                if (child != null) {
                    next = frame.path + "/" + child;
                } else {
                    if (remove && !rmdir(root, frame.path)) {
                        return false;
                    }
                    frames.pop();
                }
            }
        }
        return true;
    }

    /** Gathers the directories in one: false as soon as anything else is seen. */
    private static boolean subdirectories(StoreRoot root, String path, Deque<String> into) throws PosixException {
        int number = root.openDirectory(path);
        switch (-number) {
            case Errno.ENOENT -> {
                return true;
            }
            case Errno.ENOTDIR, Errno.ELOOP -> {
                return false;
            }
            default -> PosixException.check(number, "openat2", path);
        }
        try (Fd fd = Fd.adopt(root.posix(), number, path)) {
            List<DirEntry> batch = new ArrayList<>();
            while (nextBatch(fd, batch)) {
                for (DirEntry entry : batch) {
                    if (!isDirectory(fd, entry)) {
                        return false;
                    }
                    into.add(entry.name());
                }
            }
            return true;
        }
    }

    private static boolean nextBatch(Fd fd, List<DirEntry> batch) throws PosixException {
        batch.clear();
        return PosixException.check(fd.posix().getdents64(fd.number(), batch), "getdents64", fd.path()) > 0;
    }

    private static boolean isDirectory(Fd parent, DirEntry entry) throws PosixException {
        if (entry.type() != DirEntry.UNKNOWN) {
            return entry.type() == DirEntry.DIRECTORY;
        }
        return FileIo.statIfPresent(parent, entry.name())
                .map(FileStat::isDirectory)
                .orElse(true);
    }

    /** Whether a directory is gone now; false where something is in it, or it is no directory. */
    private static boolean rmdir(StoreRoot root, String path) throws PosixException {
        int slash = path.lastIndexOf('/');
        String above = slash < 0 ? "." : path.substring(0, slash);
        int number = root.openDirectory(above);
        if (number == -Errno.ENOENT) {
            return true;
        }
        try (Fd parent = Fd.adopt(root.posix(), PosixException.check(number, "openat2", above), above)) {
            return rmdir(parent, path.substring(slash + 1));
        }
    }

    private static boolean rmdir(Fd parent, String name) throws PosixException {
        int result = parent.posix().unlinkat(parent.number(), name, Posix.AT_REMOVEDIR);
        return switch (-result) {
            case 0, Errno.ENOENT -> true;
            // POSIX lets rmdir say either of the first two.
            case Errno.ENOTEMPTY, Errno.EEXIST, Errno.ENOTDIR -> false;
            default -> throw new PosixException(-result, "unlinkat", parent.path() + "/" + name);
        };
    }

    /**
     * Removes what is in a directory of Linchpin's own, files and all, and then itself; it may be absent.
     *
     * @throws PosixException with ENOTEMPTY where something in it has a name that is not UTF-8: none of ours
     */
    static void purge(StoreRoot root, String path) throws PosixException {
        int slash = path.lastIndexOf('/');
        try (Fd parent = open(root, path.substring(0, slash))) {
            purge(parent, path.substring(slash + 1));
        }
    }

    /** Recursive: such a directory is two levels deep. */
    private static void purge(Fd parent, String name) throws PosixException {
        while (!rmdir(parent, name)) {
            try (Fd fd = parent.openDir(name)) {
                int removed = 0;
                List<DirEntry> batch = new ArrayList<>();
                while (nextBatch(fd, batch)) {
                    for (DirEntry entry : batch) {
                        if (isDirectory(fd, entry)) {
                            purge(fd, entry.name());
                        } else {
                            FileIo.unlinkIfPresent(fd, entry.name());
                        }
                        removed++;
                    }
                }
                if (removed == 0) {
                    throw new PosixException(Errno.ENOTEMPTY, "unlinkat", fd.path());
                }
            }
        }
    }
}
