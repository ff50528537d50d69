package io.linchpin.store.faults;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.store.layout.Names;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.time.Instant;

/** The housekeeping that the nodes of a cluster agree on. */
final class Sweeping {
    private Sweeping() {}

    /** Sweeps after every incarnation but the node's own: all others are dead, and nothing names them any more. */
    static void sweepAllBut(FaultNode node) throws IOException {
        for (String home : new String[] {Names.STAGING, Names.JOURNAL}) {
            int fd = node.root.openDirectory(home);
            try (Fd all = Fd.adopt(node.posix, fd, home)) {
                for (DirEntry entry : FileIo.list(all)) {
                    Incarnation incarnation = new Incarnation(entry.name());
                    if (!incarnation.equals(node.incarnation)) {
                        node.sweep().sweep(incarnation);
                    }
                }
            }
        }
        node.uploads().sweep(Instant.EPOCH.plusSeconds(1L << 32));
    }
}
