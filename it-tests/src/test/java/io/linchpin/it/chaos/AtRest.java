package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.http.supervisor.StoreNodes;
import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.NodeJvm;
import io.linchpin.posix.NativePosix;
import io.linchpin.store.check.Finding;
import io.linchpin.store.check.Fsck;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A store after a storm: nothing left of it in Linchpin's own directories, and nothing that a check has to say. */
final class AtRest {
    /** What nodes must be started with, so that dead nodes' leavings go soon. */
    static final String[] SWEEP_SOON = {"linchpin.sweep.interval = 1 s", "linchpin.sweep.after-death = 15 s"};

    private static final int PATIENCE_SECONDS = 90;
    static final int ENDED_BY_SIGTERM = 128 + 15;

    private AtRest() {}

    /** Waits for the sweep of dead nodes, ends all nodes in good order, and checks the store with all its digests. */
    static void assertClean(Cluster cluster) throws Exception {
        assertClean(cluster, "nothing is excepted");
    }

    /** @param except what is found about a path with this in its name is as it should be */
    static void assertClean(Cluster cluster, String except) throws Exception {
        awaitNothingLeft(cluster.root());
        end(cluster);
        assertEquals(
                List.of(),
                findings(cluster.root()).stream()
                        .filter(one -> !one.contains(except))
                        .toList());
    }

    /** Waits until staging is empty and nothing of a dead node is there. */
    static void awaitNothingLeft(Path root) throws Exception {
        awaitNone(root, true);
    }

    /** Waits until the staging of the nodes that live is empty: what dead nodes left goes later. */
    static void awaitNothingStaged(Path root) throws Exception {
        awaitNone(root, false);
    }

    private static void awaitNone(Path root, boolean ofDeadToo) throws Exception {
        long from = System.nanoTime();
        List<String> left = left(root, ofDeadToo);
        while (!left.isEmpty()) {
            if (System.nanoTime() - from > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new AssertionError("left behind after " + PATIENCE_SECONDS + " s: " + left);
            }
            Thread.sleep(200);
            left = left(root, ofDeadToo);
        }
        System.out.println(
                "nothing left behind after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from) + " ms");
    }

    private static List<String> left(Path root, boolean ofDeadToo) throws IOException {
        Set<String> living = StoreNodes.living(root).stream()
                .map(StoreNodes.Living::incarnation)
                .collect(Collectors.toSet());
        List<String> left = new ArrayList<>();
        for (String directory : List.of(Names.STAGING, Names.JOURNAL)) {
            for (Path incarnation : list(root.resolve(directory))) {
                if (!living.contains(incarnation.getFileName().toString())) {
                    if (ofDeadToo) {
                        left.add(root.relativize(incarnation).toString());
                    }
                } else if (directory.equals(Names.STAGING)) {
                    left.addAll(files(incarnation));
                }
            }
        }
        if (ofDeadToo) {
            list(root.resolve(Names.DISPLACED)).forEach(path -> left.add(path.toString()));
        }
        return left;
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static List<String> files(Path top) throws IOException {
        try (Stream<Path> tree = Files.walk(top)) {
            return tree.filter(Files::isRegularFile).map(Path::toString).toList();
        } catch (UncheckedIOException goneMeanwhile) {
            return List.of(top.toString());
        }
    }

    /** SIGTERM to each, and each must end as one that was asked to. */
    static void end(Cluster cluster) throws Exception {
        for (NodeJvm node : cluster.nodes()) {
            assertEquals(200, new Http(node::port).get("/-/live").status());
        }
        for (NodeJvm node : cluster.nodes()) {
            assertEquals(ENDED_BY_SIGTERM, node.terminate(), node::lastWords);
        }
    }

    static List<String> findings(Path root) throws IOException {
        List<String> found = new ArrayList<>();
        try (StoreRoot store = StoreRoot.open(new NativePosix(), root)) {
            Fsck.Summary summary = Fsck.run(
                    store,
                    new Fsck.Options(true, true, Set.of()),
                    (Finding finding) -> found.add(finding.severity() + " " + finding.sentence()));
            System.out.println("fsck: " + summary);
        }
        return found;
    }
}
