package io.linchpin.http.cli;

import io.linchpin.http.supervisor.RefusedException;
import io.linchpin.http.supervisor.StoreNodes;
import io.linchpin.http.supervisor.SupervisorLock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code linchpin down}: stops what serves a store, with or without a supervisor, and waits until it has stopped. */
final class DownCommand {
    private static final long LIMIT_NANOS = 75_000_000_000L;
    private static final long POLL_MILLIS = 100;

    private DownCommand() {}

    static int run(List<String> options, PrintStream out)
            throws UsageException, IOException, RefusedException, InterruptedException {
        Path root = Cli.root(Arguments.parse(options, Set.of("root"), Set.of()));
        Optional<SupervisorLock.Holder> supervisor = SupervisorLock.holder(root);
        List<StoreNodes.Living> nodes = StoreNodes.living(root);
        if (supervisor.isEmpty() && nodes.isEmpty()) {
            out.println("Nothing serves " + root + ".");
            return ExitCode.OK;
        }
        if (supervisor.isPresent()) {
            supervisor.get().requireSupervisor(root);
            terminate(supervisor.get().pid());
        } else {
            nodes.forEach(node -> terminate(node.pid()));
        }
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (SupervisorLock.holder(root).isPresent()
                || !StoreNodes.living(root).isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new RefusedException(
                        "After 75 s something still serves " + root + ": " + StoreNodes.living(root));
            }
            Thread.sleep(POLL_MILLIS);
        }
        out.println("Stopped; " + root + " is at rest.");
        return ExitCode.OK;
    }

    private static void terminate(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }
}
