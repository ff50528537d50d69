package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.torture.Torture;
import io.linchpin.http.torture.TortureSettings;
import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Full;
import io.linchpin.it.torture.Run;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/**
 * The torture's clients race on a few keys of a cluster that is in trouble all the time, and their histories must be
 * linearizable: every answer, and every silence, must fit one order of what was done to the key.
 *
 * <p>Longer with {@code -Dlinchpin.chaos.seconds=N}, at most {@link TortureSettings#MOST_SECONDS}.
 */
class HistoriesIT {
    private static final int SECONDS = Integer.getInteger("linchpin.chaos.seconds", Full.or(600, 20));
    private static final int LONGEST_STANDSTILL_MILLIS = Full.or(60_000, 3_000);

    private static final int RACES_WITHIN_SECONDS = 60;

    private static final int LOOK_PAUSE_MILLIS = 50;
    private static final int LONG_ENOUGH_TO_ROLL_SECONDS = 60;
    private static final int FILLED_DISK_MIB = 600;

    /** Room for the journals of nodes that end again and again; its image is as large as what was written. */
    private static final int FAILING_DISK_MIB = 4_096;

    /** A third more of the whole: each failure of the disk starts all nodes anew. */
    private static final int BREAKING_SECONDS = Math.max(SECONDS / 3, 15);

    @Test
    void aClusterInTroubleKeepsItsPromises() throws Exception {
        List<Trouble> troubles =
                new ArrayList<>(List.of(Trouble.KILL, Trouble.STOP, Trouble.FREEZE, Trouble.LEAVE, Trouble.EDIT));
        if (SECONDS > LONG_ENOUGH_TO_ROLL_SECONDS) {
            troubles.add(Trouble.ROLL);
        }
        SmallDisk disk;
        try {
            disk = SmallDisk.mount(FILLED_DISK_MIB);
        } catch (TestAbortedException notHere) {
            System.out.println("no disk will be full: " + notHere.getMessage());
            try (Cluster cluster = Nodes.startThree()) {
                inTrouble(cluster, Optional.empty(), troubles, SECONDS);
            }
            return;
        }
        troubles.add(Trouble.FILL);
        try (disk;
                Cluster cluster = Nodes.startThreeOver(disk.path())) {
            inTrouble(cluster, Optional.empty(), troubles, SECONDS);
        }
    }

    @Test
    void aClusterWhoseDiskFailsKeepsItsPromises() throws Exception {
        try (FailingDisk disk = FailingDisk.mount(FAILING_DISK_MIB);
                Cluster cluster = Nodes.startThreeOverSlow(disk.path())) {
            inTrouble(cluster, Optional.of(disk), List.of(Trouble.BREAK), BREAKING_SECONDS);
        }
    }

    /** Before the first trouble the torture finds out, with keys of other names, what the endpoint can. */
    private static void awaitRace(Cluster cluster, Future<Run> torture) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(RACES_WITHIN_SECONDS);
        while (!torture.isDone() && !isRacing(cluster.root())) {
            assertTrue(System.nanoTime() < giveUp, "the torture does not begin");
            Thread.sleep(LOOK_PAUSE_MILLIS);
        }
    }

    private static boolean isRacing(Path root) throws IOException {
        try (DirectoryStream<Path> buckets = Files.newDirectoryStream(root, "linchpin-torture-*")) {
            for (Path bucket : buckets) {
                try (DirectoryStream<Path> keys = Files.newDirectoryStream(bucket, "k0*")) {
                    if (keys.iterator().hasNext()) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static void inTrouble(Cluster cluster, Optional<FailingDisk> disk, List<Trouble> troubles, int seconds)
            throws Exception {
        tortureInTrouble(cluster, disk, troubles, seconds);
        AtRest.assertClean(cluster, Monkey.BY_HAND);
    }

    private static void tortureInTrouble(
            Cluster cluster, Optional<FailingDisk> disk, List<Trouble> troubles, int seconds) throws Exception {
        long seed = Seed.of(HistoriesIT.class);
        Path histories = Files.createDirectories(Path.of("target", "histories").toAbsolutePath())
                .resolve(troubles.getFirst() + "-" + seed + ".jsonl");
        try (Monkey monkey = new Monkey(cluster, disk, seed, troubles, LONGEST_STANDSTILL_MILLIS);
                ExecutorService one = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Run> torture = one.submit((Callable<Run>) () -> Run.of(cluster.endpoint(), seconds, histories));
            awaitRace(cluster, torture);
            while (!torture.isDone()) {
                monkey.once();
            }
            Run run = torture.get();
            System.out.println("troubles: " + monkey);
            assertEquals(
                    Torture.KEPT,
                    run.status(),
                    () -> run.out() + run.err() + "\nagain: bin/linchpin torture --replay " + histories);
            assertFalse(run.out().isEmpty());
            assertTrue(
                    disk.isEmpty() || monkey.endedOfTheDisk() > 0,
                    () -> "no node ended of a disk that fails:\n" + cluster.lastWords());
            Files.delete(histories);
        }
    }
}
