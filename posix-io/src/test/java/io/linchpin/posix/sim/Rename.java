package io.linchpin.posix.sim;

import io.linchpin.posix.Errno;

/** What rename(2) does once both names are known, in the kernel's order of checks. */
final class Rename {
    private Rename() {}

    static int move(SimulatedDisk disk, PathWalk from, PathWalk to, boolean exchange, int flags) {
        Node source = disk.node(from.target);
        if (exchange && to.trailingSlash && !disk.node(to.target).isDirectory()) {
            return -Errno.ENOTDIR;
        }
        if (!source.isDirectory() && (from.trailingSlash || (!exchange && to.trailingSlash))) {
            return -Errno.ENOTDIR;
        }
        if (isWithin(disk, to.parent, from.target)) {
            return -Errno.EINVAL;
        }
        if (to.target != 0 && isWithin(disk, from.parent, to.target)) {
            return exchange ? -Errno.EINVAL : -Errno.ENOTEMPTY;
        }
        if (from.target == to.target) {
            return 0;
        }
        if (disk.node(to.parent).links == 0) {
            return -Errno.ENOENT;
        }
        if (to.target != 0 && !exchange) {
            int refused = mayReplace(source, disk.node(to.target));
            if (refused != 0) {
                return refused;
            }
        }
        if (flags != 0 && !disk.settings.renameFlags) {
            return -Errno.EINVAL;
        }
        disk.put(disk.enter(from.parent, from.name, exchange ? to.target : 0));
        disk.put(disk.enter(to.parent, to.name, from.target));
        reparent(disk, from.target, to.parent);
        if (exchange) {
            reparent(disk, to.target, from.parent);
        } else if (to.target != 0) {
            Node replaced = disk.node(to.target);
            disk.addLinks(to.target, replaced.isDirectory() ? -replaced.links : -1);
        }
        return 0;
    }

    private static int mayReplace(Node source, Node target) {
        if (source.isDirectory() && !target.isDirectory()) {
            return -Errno.ENOTDIR;
        }
        if (!source.isDirectory() && target.isDirectory()) {
            return -Errno.EISDIR;
        }
        return target.body instanceof DirBody dir && !dir.isEmpty() ? -Errno.ENOTEMPTY : 0;
    }

    /** Whether a directory is another one or somewhere below it. */
    private static boolean isWithin(SimulatedDisk disk, long directory, long above) {
        long at = directory;
        while (at != above) {
            if (at == SimulatedDisk.ROOT) {
                return false;
            }
            at = ((DirBody) disk.node(at).body).parent;
        }
        return true;
    }

    private static void reparent(SimulatedDisk disk, long inode, long parent) {
        Node node = disk.node(inode);
        if (node.body instanceof DirBody dir) {
            disk.put(node.withBody(dir.withParent(parent)));
        }
    }
}
