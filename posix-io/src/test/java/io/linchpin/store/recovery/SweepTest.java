package io.linchpin.store.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.posix.sim.PowerCutChoice;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.publish.Swap;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
    private static final Incarnation DEAD = Incarnation.of(1, 1);
    private static final Incarnation OTHER = Incarnation.of(1, 17);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @Test
    void ofBucketStatesOnlyThoseGoThatTheDeadNodeWasWriting() throws Exception {
        Path buckets = Files.createDirectories(dir.resolve(Names.BUCKETS));
        Path journal = Files.createDirectories(dir.resolve(Names.journal(DEAD)));
        Files.createFile(buckets.resolve("films"));
        Files.createFile(buckets.resolve(Names.unfinishedBucketState(DEAD) + "1"));
        Files.createFile(buckets.resolve(Names.unfinishedBucketState(OTHER) + "2"));
        try (StoreRoot root = StoreRoot.open(new NativePosix(), dir)) {
            new Sweep(root).sweep(DEAD);
        }
        try (Stream<Path> left = Files.list(buckets)) {
            assertEquals(
                    List.of(Names.unfinishedBucketState(OTHER) + "2", "films"),
                    left.map(p -> p.getFileName().toString()).sorted().toList());
        }
        assertEquals(false, Files.exists(journal));
    }

    @Test
    void whatWasSweptAndWhatWasKeptStaysSoAfterAPowerCut() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        try (StoreRoot root = StoreRoot.open(disk, Path.of("/"))) {
            StoreFormat.openOrCreate(root, 1, () -> UploadId.of(7, 7));
            Swap.open(root, DEAD);
            PosixException.check(disk.mkdirat(root.fd(), Names.journal(DEAD), 0700), "mkdirat", "");
            String state = Names.unfinishedBucketState(DEAD) + "7";
            for (String file : List.of(
                    Names.staging(DEAD) + "/" + Names.stagedData(UploadId.of(1, 2)),
                    Names.staging(DEAD) + "/" + Swap.DIRECTORY + "/made-by-hand",
                    Names.BUCKETS + "/" + state,
                    Names.journal(DEAD) + "/seg")) {
                Fd.open(disk, root.fd(), file, Posix.O_RDWR | Posix.O_CREAT, 0600, StoreRoot.BENEATH)
                        .close();
            }
            PosixException.check(disk.syncfs(root.fd()), "syncfs", "");
            new Sweep(root).sweep(DEAD);
        }
        SimulatedDisk after = disk.afterPowerCut(PowerCutChoice.OLDEST);
        try (StoreRoot root = StoreRoot.open(after, Path.of("/"))) {
            for (String home : List.of(Names.STAGING, Names.BUCKETS, Names.JOURNAL)) {
                assertEquals(List.of(), list(root, home), home);
            }
            assertEquals(List.of("made-by-hand"), list(root, Names.DISPLACED));
        }
    }

    private static List<String> list(StoreRoot root, String path) throws Exception {
        int number = PosixException.check(root.openDirectory(path), "openat2", path);
        try (Fd directory = Fd.adopt(root.posix(), number, path)) {
            return FileIo.list(directory).stream().map(DirEntry::name).toList();
        }
    }
}
