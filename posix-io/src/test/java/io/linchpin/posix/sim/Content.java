package io.linchpin.posix.sim;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Posix;

/** Writing into files, within the disk's limits. */
final class Content {
    private Content() {}

    /** Bytes written, fewer than asked where space or the largest size ends, or a negated errno. */
    static long write(SimulatedDisk disk, long inode, long offset, byte[] bytes) {
        if (bytes.length == 0) {
            return 0;
        }
        int length = (int) Math.min(bytes.length, disk.settings.limitFileBytes - offset);
        if (length <= 0) {
            return -Errno.EFBIG;
        }
        Node node = disk.node(inode);
        FileBody file = (FileBody) node.body;
        long free = disk.freeBlocks();
        FileBody written = file.write(offset, bytes, 0, length);
        int block = disk.settings.blockBytes;
        while (written.allocated() - file.allocated() > free) {
            // Without the last block of what was tried.
            length -= Math.min(length, Math.floorMod(offset + length - 1, block) + 1);
            if (length == 0) {
                return -Errno.ENOSPC;
            }
            written = file.write(offset, bytes, 0, length);
        }
        disk.put(node.written(written, disk.now()));
        return length;
    }

    static boolean isKnownFallocate(int mode) {
        return mode == 0
                || mode == Posix.FALLOC_FL_KEEP_SIZE
                || mode == (Posix.FALLOC_FL_PUNCH_HOLE | Posix.FALLOC_FL_KEEP_SIZE)
                || (mode & ~Posix.FALLOC_FL_KEEP_SIZE) == Posix.FALLOC_FL_ZERO_RANGE;
    }

    static int fallocate(SimulatedDisk disk, long inode, int mode, long offset, long length) {
        if (offset + length > disk.settings.limitFileBytes || offset + length < 0) {
            return -Errno.EFBIG;
        }
        Node node = disk.node(inode);
        FileBody file = (FileBody) node.body;
        boolean keepSize = (mode & Posix.FALLOC_FL_KEEP_SIZE) != 0;
        boolean punch = (mode & Posix.FALLOC_FL_PUNCH_HOLE) != 0;
        boolean zero = punch || (mode & Posix.FALLOC_FL_ZERO_RANGE) != 0;
        FileBody changed = zero ? file.zero(offset, length, punch, keepSize) : file.allocate(offset, length, keepSize);
        if (changed.allocated() - file.allocated() > disk.freeBlocks()) {
            return -Errno.ENOSPC;
        }
        disk.put(node.written(changed, disk.now()));
        return 0;
    }

    static long copy(
            SimulatedDisk disk,
            FileBody source,
            OpenFile in,
            long inOffset,
            OpenFile out,
            long outOffset,
            long length) {
        if (inOffset < 0 || outOffset < 0 || length < 0) {
            return -Errno.EINVAL;
        }
        if (outOffset >= disk.settings.limitFileBytes) {
            return -Errno.EFBIG;
        }
        int n = (int) Math.min(Math.max(0, source.size() - inOffset), Math.min(length, Integer.MAX_VALUE / 2));
        if (in.inode == out.inode && inOffset < outOffset + n && outOffset < inOffset + n) {
            return -Errno.EINVAL;
        }
        byte[] bytes = new byte[n];
        source.read(inOffset, bytes, n);
        return write(disk, out.inode, outOffset, bytes);
    }
}
