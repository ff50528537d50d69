package io.linchpin.http.supervisor;

import io.linchpin.posix.NativePosix;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.NodeInfo;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.node.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The living nodes of a store, as their locks and what they say of themselves show them. */
public final class StoreNodes {
    private StoreNodes() {}

    /**
     * A node whose lock is held.
     *
     * @param pid 0 where it has not said it yet
     * @param httpPort its loopback port; 0 before it is open
     */
    public record Living(String incarnation, long pid, int httpPort) {}

    /** Who lives now, oldest slot first; nobody where there is no such store. */
    public static List<Living> living(Path root) throws IOException {
        if (!Files.isDirectory(root.resolve(Names.NODES))) {
            return List.of();
        }
        List<Living> found = new ArrayList<>();
        try (StoreRoot store = StoreRoot.open(new NativePosix(), root)) {
            for (Peer peer : NodeLocks.look(store)) {
                NodeInfo info = peer.info();
                if (peer.alive()) {
                    long pid = info == null ? 0 : info.pid();
                    found.add(new Living(peer.incarnation().value(), pid, info == null ? 0 : info.httpPort()));
                }
            }
        }
        return found;
    }

    /** The loopback port of the node that runs as a process; empty while it has not opened one. */
    static OptionalInt httpPort(Path root, long pid) {
        try {
            return living(root).stream()
                    .filter(node -> node.pid() == pid && node.httpPort() > 0)
                    .mapToInt(Living::httpPort)
                    .findFirst();
        } catch (IOException unreadable) {
            return OptionalInt.empty();
        }
    }
}
