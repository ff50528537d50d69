package io.linchpin.store.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A conditional DELETE that is sent again has made itself fail: it is answered as before, and not judged. */
class RepeatedDeleteTest {
    private static final Preconditions ANY = new Preconditions(List.of(Preconditions.ANY), List.of(), null, null);
    private static final Mutation DELETE = delete(2);
    private static final Mutation OF_NOTHING = delete(3);

    private final StoreLives lives = new StoreLives();
    private final SimulatedDisk disk = lives.disk;

    private static Mutation delete(int op) {
        return new Mutation.Delete(UploadId.of(1, op), StoreLives.KEY, ANY, 0, Long.MAX_VALUE);
    }

    @Test
    void itIsAnsweredAsBeforeAndByTheNextOwnerToo() throws IOException {
        SimulatedProcess first = disk.newProcess();
        StepwiseStore node = lives.start(first);
        OwnedShard shard = node.store.tryTake(0).orElseThrow();
        Mutation put = node.put(StoreLives.KEY, UploadId.of(1, 1), new byte[] {1}, Map.of(), Preconditions.NONE);
        assertInstanceOf(Outcome.Committed.class, lives.submit(node, shard, put, false));
        assertEquals(new Outcome.Deleted(true), lives.submit(node, shard, DELETE, false));
        assertEquals(new Outcome.Deleted(true), lives.submit(node, shard, DELETE, true));
        assertEquals(new Outcome.NoSuchKey(), lives.submit(node, shard, OF_NOTHING, false));
        assertEquals(new Outcome.NoSuchKey(), lives.submit(node, shard, OF_NOTHING, true));
        disk.kill(first);

        StepwiseStore second = lives.start(disk.newProcess());
        OwnedShard taken = second.store.tryTake(0).orElseThrow();
        // Of what changed nothing there is no record, so that nobody can tell.
        assertEquals(new Outcome.Unknown(), lives.submit(second, taken, OF_NOTHING, true));
        Outcome repeated = lives.submit(second, taken, DELETE, true);
        assertEquals(new Outcome.Deleted(true), repeated);
    }
}
