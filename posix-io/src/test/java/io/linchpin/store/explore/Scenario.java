package io.linchpin.store.explore;

import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.store.commit.StepwiseStore;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One small history, the same in every run.
 *
 * @param name unique, of letters, digits, '-' and '+'
 * @param syncfs whether checkpoints trust syncfs
 * @param shards how many there are, 1 or 2 (see {@link World#shardOf})
 * @param inlineLimitBytes data of more bytes are staged durably
 * @param disturbances kinds of {@link Disturbance} that are tried at every state of the first life, besides none
 * @param base lives before the first, each ended by a kill: none of them is explored
 * @param first the life in which the first crash comes
 * @param after the life after a crash, where another crash comes
 * @param keepsStaging whether files are left in staging on purpose, by a node that never submits them
 * @param seam what stands between the engine and the disk
 */
record Scenario(
        String name,
        boolean syncfs,
        int shards,
        int inlineLimitBytes,
        List<String> disturbances,
        List<Script> base,
        Script first,
        Script after,
        boolean keepsStaging,
        Seam seam) {
    /** What is done in one life. */
    @FunctionalInterface
    interface Script {
        void run(World world) throws IOException, InterruptedException;
    }

    /** Stands between the engine and the disk: nothing, but in negative controls. */
    @FunctionalInterface
    interface Seam {
        Posix wrap(SimulatedProcess process);

        Seam NONE = process -> process;
    }

    /** The life after the last crash: recover, retire, tidy up. */
    static final Script REST = world -> world.take().tidy();

    /** Recover, replace what was recovered, retire, tidy up, hand over. */
    static final Script GO_ON = world -> {
        Tenant tenant = world.take();
        tenant.put(World.KEY, world.life * 10);
        tenant.settle();
        tenant.tidy();
        tenant.giveUp();
    };

    static Scenario of(String name, Script first, Script... base) {
        return new Scenario(
                name,
                true,
                1,
                StepwiseStore.INLINE_LIMIT_BYTES,
                List.of(),
                List.of(base),
                first,
                GO_ON,
                false,
                Seam.NONE);
    }

    Scenario disturbedBy(String... kinds) {
        return new Scenario(
                name, syncfs, shards, inlineLimitBytes, List.of(kinds), base, first, after, keepsStaging, seam);
    }

    Scenario then(Script newAfter) {
        return new Scenario(
                name, syncfs, shards, inlineLimitBytes, disturbances, base, first, newAfter, keepsStaging, seam);
    }

    Scenario inlineUpTo(int bytes) {
        return new Scenario(name, syncfs, shards, bytes, disturbances, base, first, after, keepsStaging, seam);
    }

    Scenario ofTwoShards() {
        return new Scenario(name, syncfs, 2, inlineLimitBytes, disturbances, base, first, after, keepsStaging, seam);
    }

    Scenario keepingStaging() {
        return new Scenario(name, syncfs, shards, inlineLimitBytes, disturbances, base, first, after, true, seam);
    }

    Scenario withoutSyncfs() {
        return new Scenario(
                name + "+fsync", false, shards, inlineLimitBytes, disturbances, base, first, after, keepsStaging, seam);
    }

    Scenario through(Seam newSeam) {
        return new Scenario(
                name, syncfs, shards, inlineLimitBytes, disturbances, base, first, after, keepsStaging, newSeam);
    }

    /** A store with an empty bucket, all durable. */
    SimulatedDisk emptyStore() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(512);
        disk.tick(0);
        SimulatedProcess setup = disk.process();
        try (StoreRoot root = StoreRoot.open(setup, Path.of("/"))) {
            StoreFormat.openOrCreate(root, shards, () -> UploadId.of(7, 7));
            setup.mkdirat(root.fd(), World.BUCKET.value(), 0755);
            setup.syncfs(root.fd());
        }
        return disk;
    }
}
