package io.linchpin.store.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Errno;
import io.linchpin.posix.sim.SimulatedCrash;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.posix.sim.SyscallHook;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.read.Opened;
import io.linchpin.store.recovery.Boot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A take-over that may not change a directory. */
class RefusedReplayTest {
    private static final ObjectId KEY = new ObjectId(new BucketName("bucket"), new ObjectKey("key"));

    private final SimulatedDisk disk = new SimulatedDisk(512);
    private long clock = 1_700_000_000_000_000_000L;
    private int lives;

    private StepwiseStore start(SimulatedProcess process) throws IOException {
        Boot boot = new Boot(UUID.fromString(disk.bootId()), 1);
        return new StepwiseStore(process, Incarnation.of(0, ++lives), boot, () -> clock += 1000, true);
    }

    private static Mutation.Put put(StepwiseStore node, int op) throws IOException {
        byte[] body = {(byte) op};
        return node.put(KEY, UploadId.of(1, op), body, Map.of("op", "" + op), Preconditions.NONE);
    }

    /** Readers have seen it: an owner died between its publishing and its mark. */
    @Test
    void whatIsInPlaceIsNotVoidedWithWhatCannotBePublishedAfterIt() throws Exception {
        try (StoreRoot root = StoreRoot.open(disk.process(), Path.of("/"))) {
            StoreFormat.openOrCreate(root, 1, () -> UploadId.of(7, 7));
            root.posix().mkdirat(root.fd(), KEY.bucket().value(), 0755);
        }
        SimulatedProcess first = disk.newProcess();
        StepwiseStore node = start(first);
        OwnedShard shard = node.store.tryTake(0).orElseThrow();
        shard.submit(put(node, 1), false, _ -> {});
        node.flush();
        shard.submit(put(node, 2), false, _ -> {});
        AtomicBoolean moving = new AtomicBoolean();
        first.hook((index, call, path, length) -> {
            if (call.equals("renameat2") && !moving.get()) {
                flush(node);
                moving.set(true);
            } else if (call.equals("pwrite") && moving.get()) {
                throw new SimulatedCrash("before the mark of what is in place");
            }
            return SyscallHook.PROCEED;
        });
        assertThrows(SimulatedCrash.class, node::publishOne);
        disk.kill(first);

        SimulatedProcess second = disk.newProcess();
        StepwiseStore refused = start(second);
        second.hook((index, call, path, length) -> call.equals("renameat2") ? -Errno.EACCES : SyscallHook.PROCEED);
        // It would wait until the directory may be changed.
        Thread.currentThread().interrupt();
        assertThrows(StepwiseStore.Stopped.class, () -> refused.store.tryTake(0));
        assertTrue(Thread.interrupted() || !Thread.currentThread().isInterrupted());
        disk.kill(second);

        StepwiseStore third = start(disk.newProcess());
        assertTrue(third.store.tryTake(0).isPresent());
        Opened.Found found = assertInstanceOf(Opened.Found.class, new ObjectReader(third.root).open(KEY));
        try (var object = found.object()) {
            assertEquals(Map.of("op", "2"), object.metadata().userMetadata());
        }
    }

    private static void flush(StepwiseStore node) {
        try {
            node.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
