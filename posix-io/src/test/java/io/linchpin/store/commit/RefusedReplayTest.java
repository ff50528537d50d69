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
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.read.Opened;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A take-over that may not change a directory. */
class RefusedReplayTest {
    private final StoreLives lives = new StoreLives();
    private final SimulatedDisk disk = lives.disk;

    private static Mutation.Put put(StepwiseStore node, int op) throws IOException {
        byte[] body = {(byte) op};
        return node.put(StoreLives.KEY, UploadId.of(1, op), body, Map.of("op", "" + op), Preconditions.NONE);
    }

    /** Two PUTs are acknowledged or may be; the first is in place, and its owner died before it had marked it. */
    private void dieBetweenPublishingAndMark() throws Exception {
        SimulatedProcess first = disk.newProcess();
        StepwiseStore node = lives.start(first);
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
    }

    /** A node whose take-over may move nothing. */
    private StepwiseStore startRefused(SimulatedProcess process) throws IOException {
        StepwiseStore refused = lives.start(process);
        process.hook((index, call, path, length) -> call.equals("renameat2") ? -Errno.EACCES : SyscallHook.PROCEED);
        return refused;
    }

    private static String op(StepwiseStore node) throws IOException {
        Opened.Found found = assertInstanceOf(Opened.Found.class, new ObjectReader(node.root).open(StoreLives.KEY));
        try (var object = found.object()) {
            return object.metadata().userMetadata().getOrDefault("op", "");
        }
    }

    /** Readers have seen it: an owner died between its publishing and its mark. */
    @Test
    void whatIsInPlaceIsNotVoidedWithWhatCannotBePublishedAfterIt() throws Exception {
        dieBetweenPublishingAndMark();
        SimulatedProcess second = disk.newProcess();
        StepwiseStore refused = startRefused(second);
        assertThrows(ShardShutException.class, () -> refused.store.tryTake(0));
        disk.kill(second);

        StepwiseStore third = lives.start(disk.newProcess());
        assertTrue(third.store.tryTake(0).isPresent());
        assertEquals("2", op(third));
    }

    /** No try waits: a few such shards would keep all threads that take shards over, and with them all other shards. */
    @Test
    void aShardThatStaysShutIsTakenWhereItsTakeOverStoodOnceItCanBe() throws Exception {
        dieBetweenPublishingAndMark();
        SimulatedProcess second = disk.newProcess();
        StepwiseStore node = startRefused(second);
        ShardShutException shut = assertThrows(ShardShutException.class, () -> node.store.tryTake(0));
        assertEquals(
                "shard 0 stays shut: bucket/key cannot be put in place again (renameat2: EACCES)", shut.getMessage());
        ShardShutException still = assertThrows(ShardShutException.class, shut::tryAgain);
        assertEquals(Optional.empty(), node.store.tryTake(0), "its lock is had");
        second.hook(SyscallHook.NONE);
        OwnedShard shard = still.tryAgain();
        assertEquals("2", op(node));
        assertEquals(2, shard.epoch());
        assertTrue(node.store.allReplayedInThisBoot());
        shard.submit(put(node, 3), false, outcome -> assertInstanceOf(Outcome.Committed.class, outcome));
        node.settle();
        assertEquals("3", op(node));
        shard.giveUp();
    }

    private static void flush(StepwiseStore node) {
        try {
            node.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
