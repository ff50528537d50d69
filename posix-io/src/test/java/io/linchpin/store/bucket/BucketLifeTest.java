package io.linchpin.store.bucket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Errno;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.bucket.BucketLife.Creation;
import io.linchpin.store.bucket.BucketLife.Removal;
import io.linchpin.store.bucket.BucketState.Status;
import io.linchpin.store.bucket.BucketStates.Listed;
import io.linchpin.store.layout.AlteredPosix;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BucketLifeTest {
    private static final Posix POSIX = new NativePosix();
    private static final BucketName BOX = new BucketName("box");
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06.789Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private StoreRoot root;

    @SuppressWarnings("NullAway.Init")
    private BucketStates states;

    @SuppressWarnings("NullAway.Init")
    private BucketLife life;

    private static final Incarnation SELF = Incarnation.of(3, 4);
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong generation = new AtomicLong(16);

    @BeforeEach
    void open() throws IOException {
        root = StoreRoot.open(POSIX, dir);
        StoreFormat.initialize(root);
        states = new BucketStates(root);
        life = life(root, states);
    }

    private BucketLife life(StoreRoot at, BucketStates through) {
        return new BucketLife(
                at,
                SELF,
                through,
                InstantSource.fixed(NOW),
                generation::incrementAndGet,
                () -> UploadId.of(0, count.incrementAndGet()));
    }

    @AfterEach
    void close() {
        root.close();
    }

    private static BucketState state(long generation, Status status) {
        return new BucketState(BOX, generation, status, NOW, "");
    }

    private Path file(String relative, String content) throws IOException {
        Path file = dir.resolve(relative);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private void createAndCloseBox() throws IOException {
        life.create(BOX, "");
        life.write(state(17, Status.CLOSING));
    }

    @Test
    void aBucketIsMadeOnceAndFoundAfterwards() throws IOException {
        assertEquals(Optional.empty(), states.read(BOX));
        BucketState made = new BucketState(BOX, 17, Status.OPEN, NOW, "eu-west-1");
        assertEquals(new Creation.Created(made), life.create(BOX, "eu-west-1"));
        assertEquals(new Creation.Existing(made), life.create(BOX, "elsewhere"));
        assertEquals(Optional.of(made), states.read(BOX));
        assertEquals(Optional.of(made), new BucketStates(root).read(BOX));
        assertTrue(Files.isDirectory(dir.resolve("box")));
        try (var sidecars = Files.list(dir.resolve(".linchpin/sidecars/box"))) {
            assertEquals(256, sidecars.count());
        }
    }

    @Test
    void theStateFileCanBeReadByAPerson() throws IOException {
        life.create(BOX, "");
        String text = Files.readString(dir.resolve(".linchpin/buckets/box"));
        assertTrue(
                text.matches("\\{\"version\":1,\"bucket\":\"box\",\"generation\":17,\"status\":\"open\","
                        + "\"createdAt\":\"2026-02-03T04:05:06.789Z\",\"region\":\"\",\"crc32c\":\"[0-9a-f]{8}\"}\n"),
                text);
    }

    @Test
    void aDirectoryMadeByHandIsAnOpenBucketOfGenerationZero() throws IOException {
        Files.createDirectory(dir.resolve("hand-made"));
        BucketState state = states.read(new BucketName("hand-made")).orElseThrow();
        assertEquals(0, state.generation());
        assertEquals(Status.OPEN, state.status());
        Creation creation = life.create(new BucketName("hand-made"), "x");
        assertEquals(new Creation.Existing(state), creation);
        assertFalse(Files.exists(dir.resolve(".linchpin/buckets/hand-made")));
    }

    @Test
    void aSymlinkOrAFileIsNoBucketAndKeepsItsName() throws IOException {
        Files.createDirectory(dir.resolve("target"));
        Files.createSymbolicLink(dir.resolve("box"), Path.of("target"));
        assertEquals(Optional.empty(), states.read(BOX));
        assertEquals(new Creation.NameTaken(), life.create(BOX, ""));
        Files.delete(dir.resolve("box"));
        Files.writeString(dir.resolve("box"), "a file");
        assertEquals(Optional.empty(), states.read(BOX));
        assertEquals(new Creation.NameTaken(), life.create(BOX, ""));
        assertEquals("a file", Files.readString(dir.resolve("box")));
    }

    @Test
    void aBucketReplacedByASymlinkIsGone() throws IOException {
        life.create(BOX, "");
        assertTrue(states.read(BOX).isPresent());
        Files.move(dir.resolve("box"), dir.resolve("moved"));
        Files.createSymbolicLink(dir.resolve("box"), Path.of("moved"));
        assertEquals(Optional.empty(), states.read(BOX));
        assertEquals(
                List.of("moved"),
                states.list().stream().map(s -> s.name().value()).toList());
    }

    @Test
    void aStateWithoutADirectoryIsNoBucket() throws IOException {
        life.create(BOX, "");
        Files.delete(dir.resolve("box"));
        assertEquals(Optional.empty(), states.read(BOX));
        assertEquals(List.of(), states.list());
        // As after a creation cut short: the same generation goes on.
        assertEquals(new Creation.Created(state(17, Status.OPEN)), life.create(BOX, ""));
    }

    @Test
    void bucketsAreListedByNameAndNothingElseIs() throws IOException {
        for (String name : new String[] {"zoo", "ant", "a.b", "a-b"}) {
            life.create(new BucketName(name), "");
        }
        for (String name : new String[] {"lost+found", "UPPER", "by-hand"}) {
            Files.createDirectory(dir.resolve(name));
        }
        Files.writeString(dir.resolve("file"), "");
        assertEquals(
                List.of("a-b", "a.b", "ant", "by-hand", "zoo"),
                states.list().stream().map(s -> s.name().value()).toList());
    }

    @Test
    void aChangeByAnotherProcessCountsAtOnce() throws IOException {
        life.create(BOX, "");
        BucketLife other = life(root, new BucketStates(root));
        for (int i = 0; i < 50; i++) {
            // The clock stands still, and inodes come again: the mtime alone must tell.
            Status status = i % 2 == 0 ? Status.CLOSING : Status.OPEN;
            other.write(state(17, status));
            assertEquals(Optional.of(state(17, status)), states.read(BOX));
        }
    }

    @Test
    void anUnchangedStateCostsTwoLooksAndIsNotReadAgain() throws IOException {
        life.create(BOX, "");
        List<String> calls = new ArrayList<>();
        Posix posix = AlteredPosix.with((call, arguments) -> {
            calls.add(call);
            return null;
        });
        try (StoreRoot counted = StoreRoot.open(posix, dir)) {
            BucketStates cached = new BucketStates(counted);
            cached.read(BOX);
            calls.clear();
            cached.read(BOX);
            assertEquals(List.of("statx", "statx"), calls);
        }
    }

    @Test
    void aDamagedStateIsAnErrorAndNeverAnotherState() throws IOException {
        life.create(BOX, "");
        Path file = dir.resolve(".linchpin/buckets/box");
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(file, bad);
            assertThrows(CorruptBucketStateException.class, () -> new BucketStates(root).read(BOX), "byte " + i);
        }
        Files.write(file, Arrays.copyOf(good, good.length - 1));
        assertThrows(CorruptBucketStateException.class, () -> new BucketStates(root).read(BOX));
        Files.write(file, new byte[0]);
        assertThrows(CorruptBucketStateException.class, () -> new BucketStates(root).read(BOX));
    }

    /** It is there, and what it holds can be neither read nor written until its state is mended: not to be hidden. */
    @Test
    void aDamagedStateHidesNoBucketFromTheList() throws IOException {
        life.create(BOX, "");
        life.create(new BucketName("other"), "");
        Files.write(dir.resolve(".linchpin/buckets/box"), new byte[0]);
        FileTime changed = FileTime.from(Instant.parse("2026-01-01T00:00:00.5Z"));
        Files.setLastModifiedTime(dir.resolve("box"), changed);
        assertEquals(
                Map.of(BOX, changed.toInstant(), new BucketName("other"), NOW),
                states.list().stream().collect(Collectors.toMap(Listed::name, Listed::createdAt)));
        assertThrows(
                CorruptBucketStateException.class, () -> states.read(BOX), "its objects are not served by a guess");
    }

    @Test
    void theStateOfAnotherBucketIsRefused() {
        byte[] other = BucketStateCodec.encode(new BucketState(new BucketName("other"), 3, Status.OPEN, NOW, "é\"\\"));
        assertThrows(CorruptBucketStateException.class, () -> BucketStateCodec.decode(BOX, other));
        assertTrue(new String(other, StandardCharsets.UTF_8).contains("other"));
    }

    @Test
    void anEmptyBucketIsRemovedWithAllThatIsItsOwn() throws IOException {
        createAndCloseBox();
        Files.createDirectories(dir.resolve("box/empty/tree/of/directories"));
        Files.createDirectories(dir.resolve("box/empty/other"));
        Files.createDirectories(dir.resolve(".linchpin/odd/box/d.a/d."));
        Files.createDirectories(dir.resolve(".linchpin/versions/box/d.x"));
        file(".linchpin/uploads/box/0123/base", "part");
        file(".linchpin/sidecars/box/ab/abc.1", "{}");
        assertEquals(new Removal.Removed(), life.remove(BOX));
        for (String gone : new String[] {
            "box",
            ".linchpin/odd/box",
            ".linchpin/versions/box",
            ".linchpin/uploads/box",
            ".linchpin/sidecars/box",
            ".linchpin/buckets/box"
        }) {
            assertFalse(Files.exists(dir.resolve(gone)), gone);
        }
        assertEquals(new Removal.Removed(), life.remove(BOX));
        assertEquals(new Creation.Created(state(18, Status.OPEN)), life.create(BOX, ""));
    }

    @Test
    void aBucketThatHoldsAFileAnywhereStandsUntouched() throws IOException {
        createAndCloseBox();
        Files.createDirectories(dir.resolve("box/a/b"));
        file(".linchpin/uploads/box/0123/base", "part");
        for (String holder : new String[] {"box/x/y/object", ".linchpin/odd/box/f.a", ".linchpin/versions/box/f.v"}) {
            Path file = file(holder, "precious");
            assertEquals(new Removal.NotEmpty(), life.remove(BOX), holder);
            assertEquals("precious", Files.readString(file));
            assertTrue(Files.isDirectory(dir.resolve("box/a/b")));
            assertTrue(Files.exists(dir.resolve(".linchpin/uploads/box/0123/base")));
            assertTrue(Files.isDirectory(dir.resolve(".linchpin/sidecars/box/ff")));
            assertEquals(Optional.of(state(17, Status.CLOSING)), states.read(BOX));
            Files.delete(file);
        }
        assertEquals(new Removal.Removed(), life.remove(BOX));
    }

    @Test
    void aSymlinkInABucketIsAFileThatItHolds() throws IOException {
        createAndCloseBox();
        Path outside = file("outside/file", "precious");
        Files.createSymbolicLink(dir.resolve("box/link"), Path.of("../outside"));
        assertEquals(new Removal.NotEmpty(), life.remove(BOX));
        assertTrue(Files.exists(outside) && Files.isSymbolicLink(dir.resolve("box/link")));
    }

    @Test
    void aFileSavedWhileTheBucketIsRemovedDecidesAgainstIt() throws IOException {
        createAndCloseBox();
        Files.createDirectories(dir.resolve("box/a"));
        AtomicInteger removals = new AtomicInteger();
        Posix posix = AlteredPosix.with((call, arguments) -> {
            if (call.equals("unlinkat") && "box".equals(arguments[1]) && removals.incrementAndGet() == 3) {
                write("box/late");
            }
            return null;
        });
        try (StoreRoot raced = StoreRoot.open(posix, dir)) {
            assertEquals(
                    new Removal.NotEmpty(), life(raced, new BucketStates(raced)).remove(BOX));
        }
        assertEquals("late", Files.readString(dir.resolve("box/late")));
        assertTrue(states.read(BOX).isPresent());
    }

    private void write(String relative) {
        try {
            Files.writeString(dir.resolve(relative), "late");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anOpenBucketIsNotRemoved() throws IOException {
        life.create(BOX, "");
        assertThrows(IllegalStateException.class, () -> life.remove(BOX));
        Files.createDirectory(dir.resolve("by-hand"));
        assertThrows(IllegalStateException.class, () -> life.remove(new BucketName("by-hand")));
    }

    @Test
    void aBucketMadeByHandCanBeClosedAndRemoved() throws IOException {
        Files.createDirectory(dir.resolve("box"));
        life.write(state(0, Status.CLOSING));
        assertEquals(Optional.of(state(0, Status.CLOSING)), states.read(BOX));
        assertEquals(new Removal.Removed(), life.remove(BOX));
        assertEquals(Optional.empty(), states.read(BOX));
    }

    @Test
    void aRemovalCutShortAtAnyCallIsFinishedOrUndone() throws IOException {
        for (int stop = 1; ; stop++) {
            createOver();
            file(".linchpin/uploads/box/0123/base", "part");
            int limit = stop;
            AtomicInteger changes = new AtomicInteger();
            Posix posix = AlteredPosix.with((call, arguments) ->
                    call.equals("unlinkat") && changes.incrementAndGet() >= limit ? -Errno.EIO : null);
            try (StoreRoot failing = StoreRoot.open(posix, dir)) {
                life(failing, new BucketStates(failing)).remove(BOX);
                break;
            } catch (PosixException e) {
                assertEquals(Errno.EIO, e.errno());
            }
            if (Files.exists(dir.resolve("box"))) {
                assertEquals(Status.CLOSING, states.read(BOX).orElseThrow().status());
            } else {
                assertEquals(Optional.empty(), states.read(BOX));
            }
            // Made again, it has nothing of the old one.
            if (stop % 2 == 0) {
                life.remove(BOX);
            }
            if (states.read(BOX).isEmpty()) {
                BucketState again = assertInstanceOf(Creation.Created.class, life.create(BOX, ""))
                        .state();
                assertEquals(generation.get(), again.generation());
                assertFalse(Files.exists(dir.resolve(".linchpin/uploads/box")));
            }
            stop += stop > 8 ? 120 : 0;
        }
        assertFalse(Files.exists(dir.resolve("box")));
    }

    private void createOver() throws IOException {
        life.create(BOX, "");
        BucketState now = states.read(BOX).orElseThrow();
        life.write(new BucketState(BOX, now.generation(), Status.CLOSING, now.createdAt(), now.region()));
    }

    @Test
    void aCreationCutShortIsNoBucketAndCanBeRepeated() throws IOException {
        Posix posix = AlteredPosix.with((call, arguments) ->
                call.equals("mkdirat") && "box".equals(arguments[1]) && (int) arguments[2] == 0777 ? -Errno.EIO : null);
        try (StoreRoot failing = StoreRoot.open(posix, dir)) {
            assertThrows(
                    PosixException.class,
                    () -> life(failing, new BucketStates(failing)).create(BOX, ""));
        }
        assertEquals(Optional.empty(), states.read(BOX));
        assertInstanceOf(Creation.Created.class, life.create(BOX, ""));
    }

    @Test
    void withoutNoReplaceALinkStandsIn() throws IOException {
        Posix posix = AlteredPosix.with(
                (call, arguments) -> call.equals("renameat2") && (int) arguments[4] != 0 ? -Errno.EINVAL : null);
        try (StoreRoot old = StoreRoot.open(posix, dir)) {
            assertInstanceOf(
                    Creation.Created.class, life(old, new BucketStates(old)).create(BOX, ""));
        }
        assertEquals(Optional.of(state(17, Status.OPEN)), states.read(BOX));
        assertNothingStaged();
    }

    private void assertNothingStaged() throws IOException {
        try (var names = Files.list(dir.resolve(".linchpin/buckets"))) {
            assertTrue(names.noneMatch(p -> p.getFileName().toString().startsWith(".")));
        }
    }

    @Test
    void thoseWhoCreateItAtOnceAgree() throws Exception {
        for (int round = 0; round < 4; round++) {
            BucketName name = new BucketName("race-" + round);
            List<Future<Creation>> creations = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                for (int i = 0; i < 4; i++) {
                    creations.add(threads.submit(
                            () -> life(root, new BucketStates(root)).create(name, "")));
                }
            }
            Set<Long> seen = new HashSet<>();
            int created = 0;
            for (Future<Creation> creation : creations) {
                switch (creation.get()) {
                    case Creation.Created c -> {
                        created++;
                        seen.add(c.state().generation());
                    }
                    case Creation.Existing e -> seen.add(e.state().generation());
                    case Creation.NameTaken n -> throw new AssertionError(n);
                }
            }
            assertEquals(1, created);
            assertEquals(Set.of(states.read(name).orElseThrow().generation()), seen);
        }
        assertNothingStaged();
    }
}
