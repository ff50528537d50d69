package io.linchpin.store.bucket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.PosixException;
import io.linchpin.posix.sim.PowerCutChoice;
import io.linchpin.posix.sim.SimulatedCrash;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.posix.sim.SyscallHook;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A removal cut short by a kill, gone on with by another process, and then the power is cut: nothing comes back in half. */
class BucketRemovalCrashTest {
    private static final BucketName BOX = new BucketName("box");
    private static final String OBJECT = "box/key";
    private static final String ODD_OBJECT = Names.odd(BOX) + "/key";
    private static final String SIDECAR = Names.sidecars(BOX) + "/00/sidecar";
    private static final int CALLS_TO_STOP_AT = 60;

    private final SimulatedDisk before = new SimulatedDisk(512);
    private final AtomicLong count = new AtomicLong();
    private int looks;

    private interface Task {
        void run(BucketLife life) throws IOException;
    }

    private void with(SimulatedProcess process, Task task) throws IOException {
        try (StoreRoot root = StoreRoot.open(process, Path.of("/"))) {
            task.run(new BucketLife(
                    root,
                    Incarnation.of(3, 4),
                    new BucketStates(root),
                    () -> Instant.ofEpochSecond(1_700_000_000),
                    count::incrementAndGet,
                    () -> UploadId.of(0, count.incrementAndGet())));
        }
    }

    /** A closing bucket whose two objects, durable with their sidecar, a person has removed. */
    @BeforeEach
    void emptyABucketByHand() throws IOException {
        SimulatedProcess process = before.process();
        try (StoreRoot root = StoreRoot.open(process, Path.of("/"))) {
            StoreFormat.openOrCreate(root, 1, () -> UploadId.of(7, 7));
            with(process, life -> {
                BucketLife.Creation made = life.create(BOX, "");
                BucketState state = ((BucketLife.Creation.Created) made).state();
                life.write(new BucketState(
                        BOX, state.generation(), BucketState.Status.CLOSING, state.createdAt(), state.region()));
            });
            process.mkdirat(root.fd(), Names.odd(BOX), 0755);
            for (String path : new String[] {OBJECT, ODD_OBJECT, SIDECAR}) {
                int slash = path.lastIndexOf('/');
                try (Fd directory = Directories.open(root, path.substring(0, slash))) {
                    FileIo.createSmall(directory, path.substring(slash + 1), 0600, new byte[] {1})
                            .close();
                }
            }
            PosixException.check(process.syncfs(root.fd()), "syncfs", "/");
            process.unlinkat(root.fd(), OBJECT, 0);
            process.unlinkat(root.fd(), ODD_OBJECT, 0);
        }
    }

    @Test
    void anObjectComesBackWithItsSidecarOrNotAtAll() throws IOException {
        for (int calls = 0; calls < CALLS_TO_STOP_AT; calls++) {
            SimulatedDisk disk = before.fork();
            stopIn(disk, calls);
            goOn(disk.afterKill(), "create", life -> life.create(BOX, ""));
            goOn(disk.afterKill(), "remove", life -> life.remove(BOX));
        }
        assertTrue(looks > CALLS_TO_STOP_AT, "power cuts: " + looks);
    }

    private void stopIn(SimulatedDisk disk, int calls) throws IOException {
        SimulatedProcess process = disk.newProcess();
        process.hook(SyscallHook.crashAfter(calls));
        try {
            with(process, life -> life.remove(BOX));
        } catch (SimulatedCrash stopped) {
            disk.kill(process);
        }
    }

    private void goOn(SimulatedDisk disk, String what, Task task) throws IOException {
        SimulatedProcess process = disk.newProcess();
        process.hook((index, call, path, length) -> {
            if (!SyscallHook.READ_ONLY.contains(call)) {
                cutThePower(disk, what);
            }
            return SyscallHook.PROCEED;
        });
        with(process, task);
        cutThePower(disk, what);
    }

    private void cutThePower(SimulatedDisk disk, String what) {
        looks++;
        SimulatedProcess after = disk.afterPowerCut(PowerCutChoice.OLDEST).process();
        if (exists(after, OBJECT) || exists(after, ODD_OBJECT)) {
            assertTrue(exists(after, SIDECAR), () -> "an object without its sidecar, in " + what);
        }
    }

    private static boolean exists(SimulatedProcess process, String path) {
        try (StoreRoot root = StoreRoot.open(process, Path.of("/"))) {
            return process.statx(root.fd(), path, 0, new FileStat()) == 0;
        } catch (PosixException e) {
            throw new AssertionError(e);
        }
    }
}
