package io.linchpin.posix.sim;

import io.linchpin.posix.Errno;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.FsStat;
import io.linchpin.posix.Posix;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The descriptors of one simulated process, and the calls on them. */
abstract class DescriptorCalls implements Posix {
    private static final long ST_BLOCK_BYTES = 512;

    final SimulatedDisk disk;
    private final Map<Integer, OpenFile> files = new TreeMap<>();
    private SyscallHook hook = SyscallHook.NONE;
    private long calls;
    private boolean dead;

    DescriptorCalls(SimulatedDisk disk) {
        this.disk = disk;
    }

    void copyFrom(DescriptorCalls other) {
        other.files.forEach((fd, file) -> files.put(fd, file.copy()));
        hook = other.hook;
        calls = other.calls;
        dead = other.dead;
    }

    /** Looks at every call from now on, and counts them from 0. */
    public final void hook(SyscallHook newHook) {
        synchronized (disk) {
            hook = newHook;
            calls = 0;
        }
    }

    /** How many calls were made since the hook was set, a fatal one included. */
    public final long calls() {
        synchronized (disk) {
            return calls;
        }
    }

    final void die() {
        dead = true;
        files.clear();
    }

    /** The hook's word on a call. A dead process makes no calls: whoever runs on in its name is stopped here. */
    final int before(String call, String path, long length) {
        if (dead) {
            throw new SimulatedCrash("a call of a dead process: " + call + " " + path);
        }
        try {
            return hook.before(calls++, call, path, length);
        } catch (SimulatedCrash crash) {
            dead = true;
            throw crash;
        }
    }

    final int install(OpenFile file) {
        int fd = disk.nextFd();
        files.put(fd, file);
        return fd;
    }

    final @Nullable OpenFile file(int fd) {
        return files.get(fd);
    }

    final String pathOf(int fd) {
        OpenFile file = file(fd);
        return file == null ? "" : file.path;
    }

    final void forEachOpen(Consumer<OpenFile> visitor) {
        files.values().forEach(visitor);
    }

    final boolean hasOpen(long inode) {
        for (OpenFile each : files.values()) {
            if (each.inode == inode) {
                return true;
            }
        }
        return false;
    }

    final boolean hasLocked(long inode, @Nullable OpenFile except) {
        for (OpenFile each : files.values()) {
            if (each.inode == inode && each.locked && each != except) {
                return true;
            }
        }
        return false;
    }

    final void fill(Node node, FileStat into) {
        Node.Attributes a = node.attributes;
        into.device = (259L << 32) | 1;
        into.inode = node.number;
        into.mode = a.mode();
        into.links = node.links;
        into.uid = a.uid();
        into.gid = a.gid();
        into.mtimeNanos = a.mtimeNanos();
        into.ctimeNanos = node.ctimeNanos;
        into.mountId = disk.mountId();
        into.mountIdIsUnique = true;
        into.size = disk.settings.blockBytes;
        into.allocated = disk.settings.blockBytes;
        if (node.body instanceof FileBody file) {
            into.size = file.size();
            into.allocated = (long) file.allocated() * disk.settings.blockBytes / ST_BLOCK_BYTES * ST_BLOCK_BYTES;
        } else if (node.body instanceof SymlinkBody link) {
            into.size = link.target().length();
        }
    }

    @Override
    public final int close(int fd) {
        synchronized (disk) {
            int injected = before("close", pathOf(fd), 0);
            // As on Linux, the descriptor is gone whatever close says.
            boolean known = files.remove(fd) != null;
            return known ? Math.min(injected, 0) : -Errno.EBADF;
        }
    }

    @Override
    public final long pread(int fd, ByteBuffer into, long offset) {
        synchronized (disk) {
            int asked = into.remaining();
            int injected = before("pread", pathOf(fd), asked);
            if (injected < 0) {
                return injected;
            }
            OpenFile open = file(fd);
            if (offset < 0) {
                return -Errno.EINVAL;
            }
            if (open == null || !open.readable) {
                return -Errno.EBADF;
            }
            if (!(disk.node(open.inode).body instanceof FileBody file)) {
                return -Errno.EISDIR;
            }
            byte[] bytes = new byte[injected > 0 ? Math.min(asked, injected) : asked];
            int read = file.read(offset, bytes, bytes.length);
            into.put(bytes, 0, read);
            return read;
        }
    }

    @Override
    public final long pwrite(int fd, ByteBuffer from, long offset) {
        synchronized (disk) {
            int asked = from.remaining();
            int injected = before("pwrite", pathOf(fd), asked);
            if (injected < 0) {
                return injected;
            }
            OpenFile open = file(fd);
            if (offset < 0) {
                return -Errno.EINVAL;
            }
            if (open == null || !open.writable) {
                return -Errno.EBADF;
            }
            byte[] bytes = new byte[injected > 0 ? Math.min(asked, injected) : asked];
            from.get(from.position(), bytes);
            long written = Content.write(disk, open.inode, offset, bytes);
            if (written > 0) {
                from.position(from.position() + (int) written);
            }
            return written;
        }
    }

    @Override
    public final int fdatasync(int fd) {
        synchronized (disk) {
            int injected = before("fdatasync", pathOf(fd), 0);
            OpenFile open = file(fd);
            if (open == null || open.pathOnly) {
                return injected < 0 ? injected : -Errno.EBADF;
            }
            Node node = disk.node(open.inode);
            if (!(node.body instanceof FileBody file)) {
                // Of a directory only fsync is said to write the names.
                return injected;
            }
            disk.put(injected < 0 ? node.withBody(file.syncFailed()) : node.dataSynced());
            return Math.min(injected, 0);
        }
    }

    @Override
    public final int fsync(int fd) {
        synchronized (disk) {
            int injected = before("fsync", pathOf(fd), 0);
            OpenFile open = file(fd);
            if (open == null || open.pathOnly) {
                return injected < 0 ? injected : -Errno.EBADF;
            }
            Node node = disk.node(open.inode);
            if (injected >= 0) {
                disk.put(node.synced());
            } else if (node.body instanceof FileBody file) {
                disk.put(node.withBody(file.syncFailed()));
            }
            return Math.min(injected, 0);
        }
    }

    @Override
    public final int syncfs(int fd) {
        synchronized (disk) {
            int injected = before("syncfs", pathOf(fd), 0);
            OpenFile open = file(fd);
            if (open == null || open.pathOnly) {
                return injected < 0 ? injected : -Errno.EBADF;
            }
            if (injected < 0) {
                disk.syncAllFailed();
            } else {
                disk.syncAll();
            }
            return Math.min(injected, 0);
        }
    }

    /** Starts write-back and promises nothing: any block may have been written at any time anyway. */
    @Override
    public final int syncFileRange(int fd, long offset, long length, int flags) {
        synchronized (disk) {
            int injected = before("sync_file_range", pathOf(fd), 0);
            if (injected < 0) {
                return injected;
            }
            OpenFile open = file(fd);
            return open == null || open.pathOnly ? -Errno.EBADF : offset < 0 || length < 0 ? -Errno.EINVAL : 0;
        }
    }

    @Override
    public final int fallocate(int fd, int mode, long offset, long length) {
        synchronized (disk) {
            int injected = before("fallocate", pathOf(fd), 0);
            if (injected < 0) {
                return injected;
            }
            OpenFile open = file(fd);
            if (open == null || open.pathOnly) {
                return -Errno.EBADF;
            }
            if (offset < 0 || length <= 0) {
                return -Errno.EINVAL;
            }
            if (!Content.isKnownFallocate(mode)) {
                return -Errno.EOPNOTSUPP;
            }
            return open.writable ? Content.fallocate(disk, open.inode, mode, offset, length) : -Errno.EBADF;
        }
    }

    @Override
    public final int ftruncate(int fd, long length) {
        synchronized (disk) {
            int injected = before("ftruncate", pathOf(fd), 0);
            if (injected < 0) {
                return injected;
            }
            OpenFile open = file(fd);
            if (length < 0) {
                return -Errno.EINVAL;
            }
            if (open == null || open.pathOnly) {
                return -Errno.EBADF;
            }
            Node node = disk.node(open.inode);
            if (!open.writable || !(node.body instanceof FileBody file)) {
                return -Errno.EINVAL;
            }
            if (length > disk.settings.limitFileBytes) {
                return -Errno.EFBIG;
            }
            disk.put(node.written(file.truncate(length), disk.now()));
            return 0;
        }
    }

    /** Changes the attributes of an open file. */
    private int attributes(String call, int fd, Change change) {
        synchronized (disk) {
            int injected = before(call, pathOf(fd), 0);
            if (injected < 0) {
                return injected;
            }
            OpenFile open = file(fd);
            if (open == null || open.pathOnly) {
                return -Errno.EBADF;
            }
            Node node = disk.node(open.inode);
            disk.put(node.withAttributes(change.of(node.attributes), disk.now()));
            return 0;
        }
    }

    @FunctionalInterface
    private interface Change {
        Node.Attributes of(Node.Attributes a);
    }

    @Override
    public final int futimens(int fd, long mtimeNanos) {
        return attributes("futimens", fd, a -> new Node.Attributes(a.mode(), a.uid(), a.gid(), mtimeNanos, false));
    }

    @Override
    public final int fchmod(int fd, int mode) {
        return attributes("fchmod", fd, a -> {
            int changed = (a.mode() & ~07777) | (mode & 07777);
            return new Node.Attributes(changed, a.uid(), a.gid(), a.mtimeNanos(), false);
        });
    }

    @Override
    public final int fchown(int fd, int uid, int gid) {
        return attributes("fchown", fd, a -> {
            int owner = uid == -1 ? a.uid() : uid;
            int group = gid == -1 ? a.gid() : gid;
            return new Node.Attributes(a.mode(), owner, group, a.mtimeNanos(), false);
        });
    }

    @Override
    public final int rewind(int fd) {
        synchronized (disk) {
            int injected = before("lseek", pathOf(fd), 0);
            if (injected < 0) {
                return injected;
            }
            OpenFile open = file(fd);
            if (open == null || open.pathOnly) {
                return -Errno.EBADF;
            }
            open.names = null;
            return 0;
        }
    }

    @Override
    public final long copyFileRange(int inFd, long inOffset, int outFd, long outOffset, long length) {
        synchronized (disk) {
            int injected = before("copy_file_range", pathOf(outFd), length);
            if (injected < 0) {
                return injected;
            }
            OpenFile in = file(inFd);
            OpenFile out = file(outFd);
            if (in == null || out == null || in.pathOnly || out.pathOnly) {
                return -Errno.EBADF;
            }
            if (!(disk.node(in.inode).body instanceof FileBody source)
                    || disk.node(out.inode).isDirectory()) {
                return -Errno.EISDIR;
            }
            if (!in.readable || !out.writable) {
                return -Errno.EBADF;
            }
            return Content.copy(
                    disk, source, in, inOffset, out, outOffset, injected > 0 ? Math.min(injected, length) : length);
        }
    }

    @Override
    public final int ficlonerange(int srcFd, long srcOffset, long length, int destFd, long destOffset) {
        synchronized (disk) {
            int injected = before("ioctl(FICLONERANGE)", pathOf(destFd), 0);
            if (injected < 0) {
                return injected;
            }
            return file(srcFd) == null || file(destFd) == null ? -Errno.EBADF : -Errno.EOPNOTSUPP;
        }
    }

    @Override
    public final int fstatfs(int fd, FsStat into) {
        synchronized (disk) {
            int injected = before("fstatfs", pathOf(fd), 0);
            if (injected < 0) {
                return injected;
            }
            if (file(fd) == null) {
                return -Errno.EBADF;
            }
            into.type = disk.settings.fsType;
            into.blockSize = disk.settings.blockBytes;
            into.blocks = Math.min(disk.settings.limitBlocks, 1L << 40);
            into.blocksAvailable = Math.min(Math.max(0, disk.freeBlocks()), 1L << 40);
            into.files = Math.min(disk.settings.limitInodes, 1L << 40);
            into.filesFree = Math.min(Math.max(0, disk.freeInodes()), 1L << 40);
            return 0;
        }
    }

    @Override
    public final int ofdSetLock(int fd) {
        synchronized (disk) {
            int injected = before("fcntl(F_OFD_SETLK)", pathOf(fd), 0);
            if (injected < 0) {
                return injected;
            }
            OpenFile open = file(fd);
            if (open == null || !open.writable) {
                return -Errno.EBADF;
            }
            if (disk.isLocked(open.inode, open)) {
                return -Errno.EAGAIN;
            }
            open.locked = true;
            return 0;
        }
    }

    @Override
    public final int ofdUnlock(int fd) {
        synchronized (disk) {
            int injected = before("fcntl(F_OFD_SETLK, F_UNLCK)", pathOf(fd), 0);
            if (injected < 0) {
                return injected;
            }
            OpenFile open = file(fd);
            if (open == null || open.pathOnly) {
                return -Errno.EBADF;
            }
            open.locked = false;
            return 0;
        }
    }

    @Override
    public final int ofdGetLock(int fd) {
        synchronized (disk) {
            int injected = before("fcntl(F_OFD_GETLK)", pathOf(fd), 0);
            if (injected < 0) {
                return injected;
            }
            OpenFile open = file(fd);
            if (open == null || open.pathOnly) {
                return -Errno.EBADF;
            }
            return disk.isLocked(open.inode, open) ? 1 : 0;
        }
    }
}
