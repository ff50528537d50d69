package io.linchpin.store.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A conditional DELETE that is sent again has made itself fail: it is answered as before, and not judged. */
class RepeatedDeleteTest {
    private static final ObjectId KEY = new ObjectId(new BucketName("bucket"), new ObjectKey("key"));
    private static final Preconditions ANY = new Preconditions(List.of(Preconditions.ANY), List.of(), null, null);
    private static final Mutation DELETE = delete(2);
    private static final Mutation OF_NOTHING = delete(3);

    private final SimulatedDisk disk = new SimulatedDisk(512);
    private long clock = 1_700_000_000_000_000_000L;
    private int lives;

    private static Mutation delete(int op) {
        return new Mutation.Delete(UploadId.of(1, op), KEY, ANY, 0, Long.MAX_VALUE);
    }

    @BeforeEach
    void makeStore() throws IOException {
        try (StoreRoot root = StoreRoot.open(disk.process(), Path.of("/"))) {
            StoreFormat.openOrCreate(root, 1, () -> UploadId.of(7, 7));
            root.posix().mkdirat(root.fd(), KEY.bucket().value(), 0755);
        }
    }

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

    @Test
    void itIsAnsweredAsBeforeAndByTheNextOwnerToo() throws IOException {
        SimulatedProcess first = disk.newProcess();
        StepwiseStore node = start(first);
        OwnedShard shard = node.store.tryTake(0).orElseThrow();
        Mutation put = node.put(KEY, UploadId.of(1, 1), new byte[] {1}, Map.of(), Preconditions.NONE);
        assertInstanceOf(Outcome.Committed.class, submit(node, shard, put, false));
        assertEquals(new Outcome.Deleted(true), submit(node, shard, DELETE, false));
        assertEquals(new Outcome.Deleted(true), submit(node, shard, DELETE, true));
        assertEquals(new Outcome.NoSuchKey(), submit(node, shard, OF_NOTHING, false));
        assertEquals(new Outcome.NoSuchKey(), submit(node, shard, OF_NOTHING, true));
        disk.kill(first);

        StepwiseStore second = start(disk.newProcess());
        OwnedShard taken = second.store.tryTake(0).orElseThrow();
        // Of what changed nothing there is no record, so that nobody can tell.
        assertEquals(new Outcome.Unknown(), submit(second, taken, OF_NOTHING, true));
        Outcome repeated = submit(second, taken, DELETE, true);
        assertEquals(new Outcome.Deleted(true), repeated);
    }
}
