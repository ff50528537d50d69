package io.linchpin.it.chaos;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Crowd;
import io.linchpin.it.harness.NodeJvm;
import io.linchpin.posix.ProcessCalls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What happens to the nodes of a cluster. */
final class Nodes {
    /** On a busy machine a node that is stopped for 10 s may seem to be so for longer. */
    private static final String NEVER_STUCK = "linchpin.cluster.stuck-after = 2 minutes";

    private Nodes() {}

    /** Three nodes that share the shards soon, sweep soon, and take small parts. */
    static Cluster startThree() throws Exception {
        return Cluster.start(3, ofThree());
    }

    /** The same over a store that is there or is to be made. */
    static Cluster startThreeOver(Path root) throws Exception {
        return Cluster.startOver(root, 3, ofThree());
    }

    /** The same over a slow disk: their journals, which are written when they start, are as small as they may be. */
    static Cluster startThreeOverSlow(Path root) throws Exception {
        return Cluster.startOver(
                root,
                3,
                Stream.concat(Stream.of(ofThree()), Stream.of("linchpin.store.journal.segment-size = 16 MiB"))
                        .toArray(String[]::new));
    }

    private static String[] ofThree() {
        return settings(Stream.concat(Stream.of(Owners.SPREAD_SOON), Stream.of(NEVER_STUCK))
                .toArray(String[]::new));
    }

    /** As the three have them, without how shards are shared out. */
    static String[] settings(String... more) {
        return Stream.of(AtRest.SWEEP_SOON, TwoParts.SETTINGS, more)
                .flatMap(Stream::of)
                .toArray(String[]::new);
    }

    /** SIGKILL to all, one right after the other; returns once all have ended. */
    static void killAll(Cluster cluster) {
        cluster.nodes().forEach(node -> ProcessCalls.kill(Math.toIntExact(node.pid()), ProcessCalls.SIGKILL));
        cluster.nodes().forEach(NodeJvm::kill);
    }

    /** Starts all again at the same time; returns once all are ready. */
    static void restart(List<NodeJvm> nodes) throws Exception {
        Crowd.once(
                nodes.stream().map(node -> (Crowd.Turn) who -> node.restart()).toList());
    }

    /** SIGSTOP; returns once every thread of the process has stopped. */
    static void stop(NodeJvm node) throws Exception {
        node.stop();
        while (!allThreadsStopped(node.pid())) {
            Thread.sleep(1);
        }
    }

    private static boolean allThreadsStopped(long pid) throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks) {
                String stat = Files.readString(task.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        }
    }

    static List<NodeJvm> others(Cluster cluster, NodeJvm one) {
        return cluster.nodes().stream().filter(node -> node != one).toList();
    }
}
