package io.linchpin.store.check;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.StoreRoot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads directories a few entries at a time, so that memory does not grow with them. */
final class Directories {
    /** Takes one entry. */
    interface Visitor {
        void visit(String path, String name, boolean isDirectory) throws IOException;
    }

    private final StoreRoot root;

    Directories(StoreRoot root) {
        this.root = root;
    }

    /** Visits each entry of a directory; none where it is not there. */
    void each(String directory, Visitor visitor) throws IOException {
        int number = root.openDirectory(directory);
        if (ObjectTree.isAbsence(number)) {
            return;
        }
        PosixException.check(number, "openat2", directory);
        try (Fd fd = Fd.adopt(root.posix(), number, directory)) {
            List<DirEntry> entries = new ArrayList<>();
            while (PosixException.check(root.posix().getdents64(number, entries), "getdents64", directory) > 0) {
                for (DirEntry entry : entries) {
                    visitor.visit(directory + "/" + entry.name(), entry.name(), isDirectory(fd, entry));
                }
                entries.clear();
            }
        }
    }

    boolean isEmpty(String directory) throws IOException {
        boolean[] found = {false};
        each(directory, (path, name, isDirectory) -> found[0] = true);
        return !found[0];
    }

    private static boolean isDirectory(Fd directory, DirEntry entry) {
        if (entry.type() != DirEntry.UNKNOWN) {
            return entry.type() == DirEntry.DIRECTORY;
        }
        FileStat stat = new FileStat();
        return directory.posix().statx(directory.number(), entry.name(), 0, stat) == 0 && stat.isDirectory();
    }
}
