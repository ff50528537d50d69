package io.linchpin.store.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Errno;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.posix.sim.SyscallHook;
import io.linchpin.store.value.UploadId;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A PUT that is sent again to an owner that cannot read what is staged. */
class RepeatedPutTest {
    private final StoreLives lives = new StoreLives();
    private final SimulatedDisk disk = lives.disk;

    /** Who is told that it was certainly not applied opens a multipart upload again, and commits it twice. */
    @Test
    void itIsNotSaidToHaveFailedForAnEarlierOwnerMayHaveCommittedIt() throws Exception {
        StepwiseStore node = lives.start(disk.newProcess());
        OwnedShard shard = node.store.tryTake(0).orElseThrow();
        Mutation.Put put = node.put(StoreLives.KEY, UploadId.of(1, 1), new byte[1 << 20], Map.of(), Preconditions.NONE);
        assertTrue(put.durable());
        assertInstanceOf(Outcome.Committed.class, lives.submit(node, shard, put, false));
        shard.giveUp();

        SimulatedProcess next = disk.newProcess();
        StepwiseStore second = lives.start(next);
        OwnedShard taken = second.store.tryTake(0).orElseThrow();
        next.hook((_, call, path, _) ->
                call.equals("openat2") && path.endsWith(".data") ? -Errno.EMFILE : SyscallHook.PROCEED);
        assertInstanceOf(Outcome.Busy.class, lives.submit(second, taken, put, true));
        next.hook(SyscallHook.NONE);
        assertEquals(new Outcome.Unknown(), lives.submit(second, taken, put, true));
    }
}
