package io.linchpin.store.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Errno;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.posix.sim.SyscallHook;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.recovery.Boot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A PUT that is sent again to an owner that cannot read what is staged. */
class RepeatedPutTest {
    private static final ObjectId KEY = new ObjectId(new BucketName("bucket"), new ObjectKey("key"));

    private final SimulatedDisk disk = new SimulatedDisk(512);
    private long clock = 1_700_000_000_000_000_000L;
    private int lives;

    private StepwiseStore start(SimulatedProcess process) throws IOException {
        Boot boot = new Boot(UUID.fromString(disk.bootId()), 1);
        return new StepwiseStore(process, Incarnation.of(0, ++lives), boot, () -> clock += 1000, true);
    }

    private static Outcome submit(StepwiseStore node, OwnedShard shard, Mutation mutation, boolean resend)
            throws IOException {
        List<Outcome> answers = new ArrayList<>();
        shard.submit(mutation, resend, answers::add);
        node.settle();
        assertEquals(1, answers.size());
        return answers.getFirst();
    }

    /** Who is told that it was certainly not applied opens a multipart upload again, and commits it twice. */
    @Test
    void itIsNotSaidToHaveFailedForAnEarlierOwnerMayHaveCommittedIt() throws Exception {
        try (StoreRoot root = StoreRoot.open(disk.process(), Path.of("/"))) {
            StoreFormat.openOrCreate(root, 1, () -> UploadId.of(7, 7));
            root.posix().mkdirat(root.fd(), KEY.bucket().value(), 0755);
        }
        StepwiseStore node = start(disk.newProcess());
        OwnedShard shard = node.store.tryTake(0).orElseThrow();
        Mutation.Put put = node.put(KEY, UploadId.of(1, 1), new byte[1 << 20], Map.of(), Preconditions.NONE);
        assertTrue(put.durable());
        assertInstanceOf(Outcome.Committed.class, submit(node, shard, put, false));
        shard.giveUp();

        SimulatedProcess next = disk.newProcess();
        StepwiseStore second = start(next);
        OwnedShard taken = second.store.tryTake(0).orElseThrow();
        next.hook((_, call, path, _) ->
                call.equals("openat2") && path.endsWith(".data") ? -Errno.EMFILE : SyscallHook.PROCEED);
        assertInstanceOf(Outcome.Busy.class, submit(second, taken, put, true));
        next.hook(SyscallHook.NONE);
        assertEquals(new Outcome.Unknown(), submit(second, taken, put, true));
    }
}
