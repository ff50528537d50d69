package io.linchpin.http.supervisor;

import io.linchpin.posix.KernelLock;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.store.layout.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a store at rest: no node runs on it, and none starts until this is closed, because it holds the supervisor's lock and the
 * formation lock, without which no life of a node begins.
 */
public final class StoreRest implements AutoCloseable {
    private final SupervisorLock supervisor;
    private final @Nullable KernelLock formation;

    private StoreRest(SupervisorLock supervisor, @Nullable KernelLock formation) {
        this.supervisor = supervisor;
        this.formation = formation;
    }

    /**
     * Takes the locks.
     *
     * @throws RefusedException where a supervisor or a node runs, or a node is about to
     */
    public static StoreRest take(Path root) throws IOException, RefusedException {
        SupervisorLock.Holder self =
                SupervisorLock.Holder.repair(ProcessHandle.current().pid());
        Optional<SupervisorLock> supervisor = SupervisorLock.tryAcquire(root, self);
        if (supervisor.isEmpty()) {
            Optional<SupervisorLock.Holder> holder = SupervisorLock.holder(root);
            if (holder.isPresent()) {
                holder.get().requireSupervisor(root);
            }
            throw inUse(root);
        }
        StoreRest rest = new StoreRest(supervisor.get(), null);
        boolean atRest = false;
        try {
            if (Files.isDirectory(root.resolve(Names.NODES))) {
                String file = root.resolve(Names.FORMATION).toString();
                Optional<KernelLock> formation = KernelLock.tryAcquire(new NativePosix(), Posix.AT_FDCWD, file);
                if (formation.isEmpty()) {
                    throw inUse(root);
                }
                rest = new StoreRest(supervisor.get(), formation.get());
            }
            List<StoreNodes.Living> living = StoreNodes.living(root);
            if (!living.isEmpty()) {
                throw inUse(root);
            }
            atRest = true;
            return rest;
        } finally {
            if (!atRest) {
                rest.close();
            }
        }
    }

    private static RefusedException inUse(Path root) {
        return new RefusedException(
                "The store " + root + " is in use; only one at rest can be repaired. linchpin down stops it.");
    }

    @Override
    public void close() {
        if (formation != null) {
            formation.close();
        }
        supervisor.close();
    }
}
