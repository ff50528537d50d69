package io.linchpin.posix.sim;

import io.linchpin.posix.DirEntry;
import java.util.ArrayList;
import java.util.List;

/** The reading of a directory, in batches, as getdents64 does. */
final class Entries {
    /** Few, so that every reader meets the end of a batch. */
    private static final int BATCH = 16;

    private Entries() {}

    static int next(SimulatedDisk disk, OpenFile open, DirBody dir, List<DirEntry> into) {
        String[] names = open.names;
        if (names == null) {
            List<String> present = new ArrayList<>();
            for (int i = 0; i < dir.names.length; i++) {
                if (dir.inodes[i] != 0) {
                    present.add(dir.names[i]);
                }
            }
            names = present.toArray(String[]::new);
            open.names = names;
            open.nextName = 0;
        }
        int appended = 0;
        while (open.nextName < names.length && appended < BATCH) {
            String name = names[open.nextName++];
            long inode = dir.lookup(name);
            if (inode != 0) {
                into.add(new DirEntry(name, inode, type(disk.node(inode))));
                appended++;
            }
        }
        return appended;
    }

    private static int type(Node node) {
        return switch (node.body) {
            case DirBody dir -> DirEntry.DIRECTORY;
            case FileBody file -> DirEntry.REGULAR;
            case SymlinkBody link -> DirEntry.SYMLINK;
        };
    }
}
