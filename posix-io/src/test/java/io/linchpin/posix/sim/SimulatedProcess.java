package io.linchpin.posix.sim;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import java.util.ArrayList;
import java.util.List;

/** One process on a simulated disk: the calls that walk along names. Those on descriptors are inherited. */
public final class SimulatedProcess extends DescriptorCalls implements Posix {
    private static final int KNOWN_FLAGS =
            O_RDWR | O_WRONLY | O_CREAT | O_EXCL | O_TRUNC | O_NONBLOCK | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_PATH;
    private static final int PATH_FLAGS = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    private static final long KNOWN_RESOLVE = 0x3f;
    private static final int EPERM = Errno.EPERM;
    private static final int LINKS_MAX = 65_000;

    SimulatedProcess(SimulatedDisk disk) {
        super(disk);
    }

    SimulatedProcess copyTo(SimulatedDisk copy) {
        SimulatedProcess process = new SimulatedProcess(copy);
        process.copyFrom(this);
        return process;
    }

    /** Where a relative path starts: the inode, or a negated errno. */
    private long start(int dirFd, String path) {
        int bad = PathWalk.check(path);
        if (bad < 0 && !path.isEmpty()) {
            return bad;
        }
        if (path.startsWith("/") || dirFd == AT_FDCWD) {
            return SimulatedDisk.ROOT;
        }
        OpenFile open = file(dirFd);
        if (open == null) {
            return -Errno.EBADF;
        }
        return path.isEmpty() || disk.node(open.inode).isDirectory() ? open.inode : -Errno.ENOTDIR;
    }

    private PathWalk walk(int dirFd, String path, long resolve, boolean follow) {
        long start = path.isEmpty() ? SimulatedDisk.ROOT : start(dirFd, path);
        if (start < 0) {
            PathWalk failed = PathWalk.walk(disk, SimulatedDisk.ROOT, "/", 0, false);
            failed.error = (int) start;
            failed.target = 0;
            return failed;
        }
        return PathWalk.walk(disk, start, path, resolve, follow);
    }

    private PathWalk name(int dirFd, String path, long resolve) {
        long start = path.isEmpty() ? SimulatedDisk.ROOT : start(dirFd, path);
        return start < 0 ? walk(dirFd, path, 0, false) : PathWalk.name(disk, start, path, resolve);
    }

    private boolean isGone(long directory) {
        return disk.node(directory).links == 0;
    }

    @Override
    public int openat2(int dirFd, String path, int flags, int mode, long resolve) {
        synchronized (disk) {
            int injected = before("openat2", path, 0);
            if (injected < 0) {
                return injected;
            }
            boolean create = (flags & O_CREAT) != 0;
            boolean pathOnly = (flags & O_PATH) != 0;
            if ((flags & ~KNOWN_FLAGS) != 0
                    || (resolve & ~KNOWN_RESOLVE) != 0
                    || (create ? (mode & ~07777) != 0 : mode != 0)
                    || (create && (flags & O_DIRECTORY) != 0)
                    || (pathOnly && (flags & ~PATH_FLAGS) != 0)
                    || (flags & 3) == 3) {
                return -Errno.EINVAL;
            }
            boolean exclusive = create && (flags & O_EXCL) != 0;
            boolean follow = (flags & O_NOFOLLOW) == 0 && !exclusive;
            boolean slash = create && path.endsWith("/");
            PathWalk walk = slash ? name(dirFd, path, resolve) : walk(dirFd, path, resolve, follow);
            if (walk.error < 0) {
                return walk.error;
            }
            if (create && (slash || walk.trailingSlash)) {
                return -Errno.EISDIR;
            }
            if (walk.target == 0) {
                return create ? createFile(walk, path, flags, mode) : -Errno.ENOENT;
            }
            return exclusive ? -Errno.EEXIST : openExisting(walk.target, path, flags);
        }
    }

    private int createFile(PathWalk walk, String path, int flags, int mode) {
        if (isGone(walk.parent)) {
            return -Errno.ENOENT;
        }
        if (disk.freeInodes() <= 0) {
            return -Errno.ENOSPC;
        }
        int permissions = mode & ~disk.settings.umask;
        long number = disk.allocate(0100000 | permissions, FileBody.empty(disk.settings.blockBytes), 1);
        disk.put(disk.enter(walk.parent, walk.name, number));
        int access = flags & 3;
        return install(new OpenFile(number, path, access != O_WRONLY, access != O_RDONLY, false));
    }

    private int openExisting(long inode, String path, int flags) {
        Node node = disk.node(inode);
        boolean pathOnly = (flags & O_PATH) != 0;
        int access = flags & 3;
        if ((flags & O_DIRECTORY) != 0 && !node.isDirectory()) {
            return -Errno.ENOTDIR;
        }
        if (pathOnly) {
            return install(new OpenFile(inode, path, false, false, true));
        }
        if (node.isSymlink()) {
            return -Errno.ELOOP;
        }
        if (node.isDirectory() && (access != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0)) {
            return -Errno.EISDIR;
        }
        if ((flags & O_TRUNC) != 0 && node.body instanceof FileBody file) {
            disk.put(node.written(file.truncate(0), disk.now()));
        }
        return install(new OpenFile(inode, path, access != O_WRONLY, access != O_RDONLY, false));
    }

    @Override
    public int statx(int dirFd, String path, int flags, FileStat into) {
        synchronized (disk) {
            int injected = before("statx", path, 0);
            if (injected < 0) {
                return injected;
            }
            if ((flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) != 0) {
                return -Errno.EINVAL;
            }
            long inode;
            if (path.isEmpty() && (flags & AT_EMPTY_PATH) != 0) {
                inode = start(dirFd, path);
                if (inode < 0) {
                    return (int) inode;
                }
            } else {
                PathWalk walk = walk(dirFd, path, 0, false);
                if (walk.error < 0) {
                    return walk.error;
                }
                inode = walk.target;
            }
            if (inode == 0) {
                return -Errno.ENOENT;
            }
            fill(disk.node(inode), into);
            return 0;
        }
    }

    @Override
    public int mkdirat(int dirFd, String path, int mode) {
        synchronized (disk) {
            int injected = before("mkdirat", path, 0);
            if (injected < 0) {
                return injected;
            }
            PathWalk walk = name(dirFd, path, 0);
            if (walk.error < 0) {
                return walk.error;
            }
            if (walk.target != 0) {
                return -Errno.EEXIST;
            }
            if (isGone(walk.parent)) {
                return -Errno.ENOENT;
            }
            if (disk.freeInodes() <= 0 || disk.freeBlocks() <= 0) {
                return -Errno.ENOSPC;
            }
            int permissions = mode & ~disk.settings.umask & 01777;
            long number = disk.allocate(040000 | permissions, DirBody.empty(walk.parent), 2);
            disk.put(disk.enter(walk.parent, walk.name, number));
            return 0;
        }
    }

    @Override
    public int unlinkat(int dirFd, String path, int flags) {
        synchronized (disk) {
            int injected = before("unlinkat", path, 0);
            if (injected < 0) {
                return injected;
            }
            if ((flags & ~AT_REMOVEDIR) != 0) {
                return -Errno.EINVAL;
            }
            boolean directory = flags == AT_REMOVEDIR;
            PathWalk walk = name(dirFd, path, 0);
            if (walk.error < 0) {
                return walk.error;
            }
            if (!walk.isNamed()) {
                return !directory
                        ? -Errno.EISDIR
                        : switch (walk.last) {
                            case "." -> -Errno.EINVAL;
                            case ".." -> -Errno.ENOTEMPTY;
                            default -> -Errno.EBUSY;
                        };
            }
            if (walk.target == 0) {
                return -Errno.ENOENT;
            }
            if (walk.trailingSlash && !disk.node(walk.target).isDirectory()) {
                return -Errno.ENOTDIR;
            }
            return remove(walk, directory);
        }
    }

    private int remove(PathWalk walk, boolean directory) {
        Node node = disk.node(walk.target);
        if (directory) {
            if (!(node.body instanceof DirBody dir)) {
                return -Errno.ENOTDIR;
            }
            if (!dir.isEmpty()) {
                return -Errno.ENOTEMPTY;
            }
        } else if (node.isDirectory()) {
            return -Errno.EISDIR;
        }
        disk.put(disk.enter(walk.parent, walk.name, 0));
        disk.addLinks(walk.target, directory ? -node.links : -1);
        return 0;
    }

    @Override
    public int linkat(int oldDirFd, String oldPath, int newDirFd, String newPath) {
        synchronized (disk) {
            int injected = before("linkat", oldPath, 0);
            if (injected < 0) {
                return injected;
            }
            PathWalk from = walk(oldDirFd, oldPath, 0, false);
            if (from.error < 0 || from.target == 0) {
                return from.error < 0 ? from.error : -Errno.ENOENT;
            }
            PathWalk to = name(newDirFd, newPath, 0);
            if (to.error < 0) {
                return to.error;
            }
            if (to.target != 0) {
                return -Errno.EEXIST;
            }
            if (to.trailingSlash || isGone(to.parent)) {
                return -Errno.ENOENT;
            }
            Node node = disk.node(from.target);
            if (node.isDirectory()) {
                return -EPERM;
            }
            if (node.links >= LINKS_MAX) {
                return -Errno.EMLINK;
            }
            disk.put(disk.enter(to.parent, to.name, from.target));
            disk.addLinks(from.target, 1);
            return 0;
        }
    }

    @Override
    public int renameat2(int oldDirFd, String oldPath, int newDirFd, String newPath, int flags) {
        synchronized (disk) {
            int injected = before("renameat2", newPath, 0);
            if (injected < 0) {
                return injected;
            }
            boolean exchange = flags == RENAME_EXCHANGE;
            boolean noReplace = flags == RENAME_NOREPLACE;
            if (flags != 0 && !exchange && !noReplace) {
                return -Errno.EINVAL;
            }
            PathWalk from = name(oldDirFd, oldPath, 0);
            PathWalk to = name(newDirFd, newPath, 0);
            if (from.error < 0 || to.error < 0) {
                return from.error < 0 ? from.error : to.error;
            }
            if (!from.isNamed()) {
                return -Errno.EBUSY;
            }
            if (!to.isNamed()) {
                return noReplace ? -Errno.EEXIST : -Errno.EBUSY;
            }
            if (from.target == 0) {
                return -Errno.ENOENT;
            }
            if (noReplace && to.target != 0) {
                return -Errno.EEXIST;
            }
            if (exchange && to.target == 0) {
                return -Errno.ENOENT;
            }
            return Rename.move(disk, from, to, exchange, flags);
        }
    }

    /** Only the names that were there when the reading began: POSIX leaves open which later changes are seen. */
    @Override
    public int getdents64(int dirFd, List<DirEntry> into) {
        synchronized (disk) {
            int injected = before("getdents64", pathOf(dirFd), 0);
            if (injected < 0) {
                return injected;
            }
            OpenFile open = file(dirFd);
            if (open == null || open.pathOnly) {
                return -Errno.EBADF;
            }
            if (!(disk.node(open.inode).body instanceof DirBody dir)) {
                return -Errno.ENOTDIR;
            }
            if (isGone(open.inode)) {
                return -Errno.ENOENT;
            }
            return Entries.next(disk, open, dir, into);
        }
    }

    /** The paths of the descriptors that are open: for tests that look for leaks. */
    public List<String> openPaths() {
        synchronized (disk) {
            List<String> paths = new ArrayList<>();
            forEachOpen(open -> paths.add(open.path));
            return paths;
        }
    }
}
