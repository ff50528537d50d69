package io.linchpin.store.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ShardFileTest {
    private final SimulatedDisk disk = new SimulatedDisk(512);

    private StoreRoot open(SimulatedProcess process) throws IOException {
        StoreRoot root = StoreRoot.open(process, Path.of("/"));
        StoreFormat.openOrCreate(root, 4, () -> UploadId.of(1, 1));
        return root;
    }

    @Test
    void aLockedShardIsNobodyElsesUntilItsProcessIsGone() throws Exception {
        SimulatedProcess first = disk.newProcess();
        StoreRoot mine = open(first);
        StoreRoot others = open(disk.newProcess());
        assertTrue(ShardFile.tryLock(mine, 2).isPresent());
        assertTrue(ShardFile.tryLock(others, 2).isEmpty());
        assertTrue(ShardFile.tryLock(others, 3).isPresent());
        disk.kill(first);
        assertTrue(ShardFile.tryLock(others, 2).isPresent());
    }

    @Test
    void theLedgerComesBackAsItWasWritten() throws Exception {
        StoreRoot root = open(disk.newProcess());
        Ledger ledger =
                new Ledger(7, 5, 123_456, Set.of(Incarnation.of(1, 2), Incarnation.of(3, 4)), new UUID(1, 2), 9);
        try (ShardFile file = ShardFile.tryLock(root, 0).orElseThrow()) {
            assertEquals(Ledger.NEW, file.ledger());
            file.write(ledger);
        }
        assertEquals(ledger, ShardFile.peek(root, 0));
        assertTrue(ledger.isReplayedIn(new UUID(1, 2), 9));
        assertFalse(ledger.isReplayedIn(new UUID(1, 2), 8));
    }

    @Test
    void anyPowerCutLeavesTheLastSyncedLedgerOrTheOneBeingWritten() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            SimulatedDisk each = new SimulatedDisk(512);
            Random random = new Random(seed);
            int writes = 1 + random.nextInt(5);
            int stopAt = random.nextInt(3 * writes);
            SimulatedProcess process = each.newProcess();
            StoreRoot root = StoreRoot.open(process, Path.of("/"));
            StoreFormat.openOrCreate(root, 1, () -> UploadId.of(1, 1));
            long synced = -1;
            long begun = -1;
            try (ShardFile file = ShardFile.tryLock(root, 0).orElseThrow()) {
                process.hook(io.linchpin.posix.sim.SyscallHook.crashAfter(stopAt));
                for (int i = 0; i < writes; i++) {
                    begun = i;
                    file.write(Ledger.NEW.withEpoch(i));
                    synced = i;
                }
            } catch (io.linchpin.posix.sim.SimulatedCrash crash) {
                // The cut comes now.
            }
            each.powerCut(random);
            long found = ShardFile.peek(StoreRoot.open(each, Path.of("/")), 0).epoch();
            assertTrue(
                    found == Math.max(synced, 0) || found == Math.max(begun, 0),
                    "seed " + seed + ": found " + found + ", synced " + synced + ", begun " + begun);
        }
    }
}
