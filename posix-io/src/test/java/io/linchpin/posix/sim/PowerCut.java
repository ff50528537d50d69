package io.linchpin.posix.sim;

import org.jspecify.annotations.Nullable;

/**
 * One power cut: from the root down each thing takes one of its legal values. What no surviving name leads to is gone, and
 * nothing is asked about it.
 */
final class PowerCut {
    private final SimulatedDisk disk;
    private final PowerCutChoice choice;
    private final @Nullable Node[] left;

    PowerCut(SimulatedDisk disk, PowerCutChoice choice) {
        this.disk = disk;
        this.choice = choice;
        this.left = new Node[Math.max(16, disk.nodesEnd())];
    }

    @Nullable
    Node[] run() {
        visit(disk.node(SimulatedDisk.ROOT), SimulatedDisk.ROOT);
        return left;
    }

    private void visit(Node node, long parent) {
        switch (node.body) {
            case FileBody file -> left[(int) node.number] = node.cut(file.cut(node.number, choice), choice, 1);
            case SymlinkBody link -> left[(int) node.number] = node.cut(link, choice, 1);
            case DirBody dir -> visitDirectory(node, dir, parent);
        }
    }

    private void visitDirectory(Node node, DirBody dir, long parent) {
        // In place before its children, which may name it again.
        left[(int) node.number] = node;
        long[] chosen = new long[dir.names.length];
        for (int i = 0; i < chosen.length; i++) {
            long[] older = dir.older[i];
            long inode = dir.inodes[i];
            if (older.length > 0) {
                int pick = choice.choose(Fault.NAME_NOT_PERSISTED, node.number, dir.names[i], older.length + 1);
                inode = pick < older.length ? older[pick] : inode;
            }
            chosen[i] = inode == 0 ? 0 : child(inode, node.number);
        }
        left[(int) node.number] = node.cut(dir.only(chosen).withParent(parent), choice, 2);
    }

    /** The inode that the name keeps. A directory of which two names survived (moved, unsynced) keeps the first, as fsck does. */
    private long child(long inode, long parent) {
        Node known = left[(int) inode];
        if (known == null) {
            visit(disk.node(inode), parent);
            return inode;
        }
        if (known.isDirectory()) {
            return 0;
        }
        left[(int) inode] = known.withLinks(known.links + 1);
        return inode;
    }
}
