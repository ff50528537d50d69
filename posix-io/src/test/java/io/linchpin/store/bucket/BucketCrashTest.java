package io.linchpin.store.bucket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.posix.sim.PowerCutChoice;
import io.linchpin.posix.sim.SimulatedCrash;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.posix.sim.SyscallHook;
import io.linchpin.store.bucket.BucketCheck.Admission;
import io.linchpin.store.bucket.BucketLife.Creation;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a power cut leaves of buckets, where everything is lost that was not synced. */
class BucketCrashTest {
    private static final BucketName BOX = new BucketName("box");
    private static final String OBJECT = "box/key";
    private static final String ODD_OBJECT = Names.odd(BOX) + "/key";
    private static final String SIDECAR = Names.sidecars(BOX) + "/00/sidecar";
    private static final String UPLOAD = Names.uploads(BOX) + "/upload";
    private static final int CALLS_TO_STOP_AT = 60;

    private final SimulatedDisk disk = new SimulatedDisk(512);
    private final AtomicLong count = new AtomicLong();
    private int looks;

    private interface Task {
        void run(BucketLife life) throws IOException;
    }

    @BeforeEach
    void format() throws IOException {
        try (StoreRoot root = StoreRoot.open(disk.process(), Path.of("/"))) {
            StoreFormat.openOrCreate(root, 1, () -> UploadId.of(7, 7));
            PosixException.check(disk.process().syncfs(root.fd()), "syncfs", "/");
        }
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

    private static boolean exists(SimulatedProcess process, String path) {
        try (StoreRoot root = StoreRoot.open(process, Path.of("/"))) {
            return process.statx(root.fd(), path, 0, new FileStat()) == 0;
        } catch (PosixException e) {
            throw new AssertionError(e);
        }
    }

    private boolean outlivesAPowerCut(String path) {
        return exists(disk.afterPowerCut(PowerCutChoice.OLDEST).process(), path);
    }

    private void makeByHand() throws IOException {
        makeByHand("box");
    }

    private void makeByHand(String name) throws IOException {
        SimulatedProcess person = disk.newProcess();
        try (StoreRoot root = StoreRoot.open(person, Path.of("/"))) {
            PosixException.check(person.mkdirat(root.fd(), name, 0755), "mkdirat", name);
        }
    }

    @Test
    void aBucketMadeByHandOutlivesAPowerCutOnceItTakesUploads() throws IOException {
        makeByHand();
        assertFalse(outlivesAPowerCut("box"));
        try (StoreRoot root = StoreRoot.open(disk.newProcess(), Path.of("/"))) {
            assertEquals(Admission.OPEN, BucketCheck.of(new BucketStates(root)).look(BOX, 0));
        }
        assertTrue(outlivesAPowerCut("box"));
    }

    @Test
    void theDirectoryIsSyncedOnceForEachThatThereIs() throws IOException {
        makeByHand();
        SimulatedProcess process = disk.newProcess();
        AtomicInteger syncs = new AtomicInteger();
        process.hook((index, call, path, length) -> {
            syncs.addAndGet(call.equals("fsync") ? 1 : 0);
            return SyscallHook.PROCEED;
        });
        try (StoreRoot root = StoreRoot.open(process, Path.of("/"))) {
            BucketCheck check = BucketCheck.of(new BucketStates(root));
            check.look(BOX, 0);
            check.look(BOX, 0);
            assertEquals(1, syncs.get());
            process.unlinkat(root.fd(), "box", Posix.AT_REMOVEDIR);
            process.mkdirat(root.fd(), "other", 0755);
            makeByHand();
            check.look(BOX, 0);
            assertEquals(2, syncs.get());
        }
    }

    @Test
    void aDirectoryWhoseSyncFailedIsRefusedFromThenOn() throws IOException {
        makeByHand();
        SimulatedProcess process = disk.newProcess();
        AtomicBoolean fails = new AtomicBoolean(true);
        process.hook((index, call, path, length) ->
                call.equals("fsync") && fails.getAndSet(false) ? -Errno.EIO : SyscallHook.PROCEED);
        try (StoreRoot root = StoreRoot.open(process, Path.of("/"))) {
            BucketCheck check = BucketCheck.of(new BucketStates(root));
            assertThrows(PosixException.class, () -> check.look(BOX, 0));
            assertThrows(PosixException.class, () -> check.look(BOX, 0), "the sync was tried again");
        }
    }

    /** What a failed sync of the root has lost may be the entry of any of them. */
    @Test
    void afterAFailedSyncNoOtherDirectoryIsTakenForDurable() throws IOException {
        makeByHand("known");
        makeByHand("box");
        SimulatedProcess process = disk.newProcess();
        AtomicInteger syncs = new AtomicInteger();
        process.hook((index, call, path, length) ->
                call.equals("fsync") && syncs.incrementAndGet() == 2 ? -Errno.EIO : SyscallHook.PROCEED);
        try (StoreRoot root = StoreRoot.open(process, Path.of("/"))) {
            BucketCheck check = BucketCheck.of(new BucketStates(root));
            assertEquals(Admission.OPEN, check.look(new BucketName("known"), 0));
            makeByHand("other");
            assertThrows(PosixException.class, () -> check.look(BOX, 0));
            assertThrows(PosixException.class, () -> check.look(new BucketName("other"), 0));
            assertEquals(Admission.OPEN, check.look(new BucketName("known"), 0));
        }
    }

    @Test
    void whoIsToldThatABucketExistsCanRelyOnIt() throws IOException {
        SimulatedProcess process = disk.newProcess();
        AtomicInteger made = new AtomicInteger();
        process.hook((index, call, path, length) -> {
            // That of its sidecars has the name too, and comes first.
            if (made.get() == 2) {
                throw new SimulatedCrash("the bucket's directory is made");
            }
            made.addAndGet(call.equals("mkdirat") && path.equals("box") ? 1 : 0);
            return SyscallHook.PROCEED;
        });
        try {
            with(process, life -> life.create(BOX, ""));
        } catch (SimulatedCrash stopped) {
            disk.kill(process);
        }
        assertFalse(outlivesAPowerCut("box"));
        with(disk.newProcess(), life -> assertInstanceOf(Creation.Existing.class, life.create(BOX, "")));
        assertTrue(outlivesAPowerCut("box"));
    }

    /** A closing bucket whose two objects, durable with their sidecar, a person has removed, and which has an upload. */
    private void emptyABucketByHand() throws IOException {
        SimulatedProcess process = disk.process();
        try (StoreRoot root = StoreRoot.open(process, Path.of("/"))) {
            with(process, life -> {
                BucketState state = ((Creation.Created) life.create(BOX, "")).state();
                life.write(new BucketState(
                        BOX, state.generation(), BucketState.Status.CLOSING, state.createdAt(), state.region()));
            });
            process.mkdirat(root.fd(), Names.odd(BOX), 0755);
            process.mkdirat(root.fd(), Names.uploads(BOX), 0755);
            for (String path : new String[] {OBJECT, ODD_OBJECT, SIDECAR, UPLOAD}) {
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
    void nothingOfADeletedBucketComesBack() throws IOException {
        emptyABucketByHand();
        with(disk.process(), life -> life.remove(BOX));
        for (String path : new String[] {"box", ODD_OBJECT, SIDECAR, UPLOAD}) {
            assertFalse(outlivesAPowerCut(path), path);
        }
    }

    /** A removal cut short by a kill, gone on with by another process, and then the power is cut. */
    @Test
    void anObjectComesBackWithItsSidecarOrNotAtAll() throws IOException {
        emptyABucketByHand();
        for (int calls = 0; calls < CALLS_TO_STOP_AT; calls++) {
            SimulatedDisk stopped = disk.fork();
            SimulatedProcess process = stopped.newProcess();
            process.hook(SyscallHook.crashAfter(calls));
            try {
                with(process, life -> life.remove(BOX));
            } catch (SimulatedCrash e) {
                stopped.kill(process);
            }
            goOn(stopped.afterKill(), "create", life -> life.create(BOX, ""));
            goOn(stopped.afterKill(), "remove", life -> life.remove(BOX));
        }
        assertTrue(looks > CALLS_TO_STOP_AT, "power cuts: " + looks);
    }

    private void goOn(SimulatedDisk stopped, String what, Task task) throws IOException {
        SimulatedProcess process = stopped.newProcess();
        process.hook((index, call, path, length) -> {
            if (!SyscallHook.READ_ONLY.contains(call)) {
                cutThePower(stopped, what);
            }
            return SyscallHook.PROCEED;
        });
        with(process, task);
        cutThePower(stopped, what);
    }

    private void cutThePower(SimulatedDisk stopped, String what) {
        looks++;
        SimulatedProcess after = stopped.afterPowerCut(PowerCutChoice.OLDEST).process();
        if (exists(after, OBJECT) || exists(after, ODD_OBJECT)) {
            assertTrue(exists(after, SIDECAR), () -> "an object without its sidecar, in " + what);
        }
    }
}
