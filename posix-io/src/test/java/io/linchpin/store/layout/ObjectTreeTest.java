package io.linchpin.store.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Errno;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectTreeTest {
    private static final Posix POSIX = new NativePosix();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private StoreRoot root;

    @SuppressWarnings("NullAway.Init")
    private ObjectTree tree;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(dir.resolve(Names.ODD));
        Files.createDirectory(dir.resolve("box"));
        root = StoreRoot.open(POSIX, dir);
        tree = new ObjectTree(root);
    }

    @AfterEach
    void close() {
        root.close();
    }

    private static ObjectId object(String key) {
        return new ObjectId(new BucketName("box"), new ObjectKey(key));
    }

    private Path write(String relative, String content) throws IOException {
        Path file = dir.resolve(relative);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private void make(KeyPath path, String content) throws IOException {
        int fd = tree.openParent(path, true);
        assertTrue(fd >= 0, () -> path + ": " + Errno.name(-fd));
        POSIX.close(fd);
        Files.writeString(dir.resolve(path.toString()), content);
    }

    @Test
    void aFileAtTheNaturalPathIsFound() throws IOException {
        write("box/a/b", "hello");
        Place.Occupied place = assertInstanceOf(Place.Occupied.class, tree.look(object("a/b")));
        assertEquals("box/a/b", place.path().toString());
        assertEquals(5, place.size());
        Path file = dir.resolve("box/a/b");
        assertEquals(Files.getAttribute(file, "unix:ino"), place.inode());
        assertEquals(Files.getLastModifiedTime(file).toInstant(), new Stamp(place.mtimeNanos()).instant());
    }

    @Test
    void aFileAtTheEscapedPathIsFoundAndTheNaturalOneGoesFirst() throws IOException {
        make(KeyCodec.escaped(object("a")), "escaped");
        Place.Occupied place = assertInstanceOf(Place.Occupied.class, tree.look(object("a")));
        assertEquals(KeyPath.Form.ESCAPED, place.path().form());
        write("box/a", "n");
        assertEquals(
                1,
                assertInstanceOf(Place.Occupied.class, tree.look(object("a"))).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "file/below", "dir", "x//y", "..", "../box/file"})
    void nothingThere(String key) throws IOException {
        write("box/file", "");
        Files.createDirectory(dir.resolve("box/dir"));
        assertEquals(new Place.Absent(), tree.look(object(key)));
    }

    @Test
    void onlyRegularFilesAreObjects() throws Exception {
        write("outside/file", "secret");
        Files.createSymbolicLink(dir.resolve("box/link"), Path.of("../outside/file"));
        Files.createSymbolicLink(dir.resolve("box/dirlink"), Path.of("../outside"));
        Files.createSymbolicLink(dir.resolve("box/absolute"), dir.resolve("outside"));
        Files.createSymbolicLink(dir.resolve("box/loop"), Path.of("loop"));
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", dir.resolve("box/fifo").toString())
                        .start()
                        .waitFor());
        for (String key :
                new String[] {"link", "dirlink", "dirlink/file", "absolute/file", "loop", "loop/x", "fifo", "fifo/x"}) {
            assertEquals(new Place.Absent(), tree.look(object(key)), key);
        }
    }

    @Test
    void aBucketThatIsASymlinkHoldsNothing() throws IOException {
        write("outside/file", "secret");
        Files.createSymbolicLink(dir.resolve("link"), Path.of("outside"));
        ObjectId object = new ObjectId(new BucketName("link"), new ObjectKey("file"));
        assertEquals(new Place.Absent(), tree.look(object));
        assertEquals(-Errno.ELOOP, tree.openParent(KeyCodec.natural(object).orElseThrow(), true));
    }

    @Test
    void aKeyWhoseNamesTheKernelRefusesAsTooLongIsAbsent() throws IOException {
        KeyPath tooLong = new KeyPath(KeyPath.Form.NATURAL, "box", "x".repeat(300));
        assertEquals(new Place.Absent(), tree.look(tooLong));
    }

    @Test
    void missingDirectoriesAreMadeBelowTheBucket() throws IOException {
        KeyPath path = KeyCodec.natural(object("a/b/c/d")).orElseThrow();
        assertEquals(-Errno.ENOENT, tree.openParent(path, false));
        assertFalse(Files.exists(dir.resolve("box/a")));
        make(path, "x");
        assertInstanceOf(Place.Occupied.class, tree.look(object("a/b/c/d")));
        assertTrue(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("box/a/b")))
                .startsWith("rwx"));
    }

    @Test
    void theBucketsOwnDirectoryIsNeverMade() {
        ObjectId nowhere = new ObjectId(new BucketName("nowhere"), new ObjectKey("a/b"));
        assertEquals(-Errno.ENOENT, tree.openParent(KeyCodec.natural(nowhere).orElseThrow(), true));
        assertEquals(-Errno.ENOENT, tree.openParent(KeyCodec.escaped(nowhere), true));
        assertFalse(Files.exists(dir.resolve("nowhere")));
        assertFalse(Files.exists(dir.resolve(".linchpin/odd/nowhere")));
    }

    @Test
    void escapedDirectoriesAreMadeForTheirOwnerAlone() throws IOException {
        make(KeyCodec.escaped(object("a//" + "x".repeat(600))), "x");
        assertInstanceOf(Place.Occupied.class, tree.look(object("a//" + "x".repeat(600))));
        for (String made : new String[] {".linchpin/odd/box", ".linchpin/odd/box/d.a", ".linchpin/odd/box/d.a/d."}) {
            assertEquals(
                    "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(made))), made);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "a/", "//", "512 empty", "one long", "deep", "."})
    void everyKeyHasAPlace(String what) throws IOException {
        String key = switch (what) {
            case "512 empty" -> "/".repeat(511);
            case "one long" -> "y".repeat(1024);
            case "deep" -> "z/".repeat(511) + "zz";
            default -> what;
        };
        make(KeyCodec.escaped(object(key)), "x");
        assertInstanceOf(Place.Occupied.class, tree.look(object(key)));
        Files.delete(dir.resolve(KeyCodec.escaped(object(key)).toString()));
        tree.prune(KeyCodec.escaped(object(key)));
        assertEquals(0, entries(".linchpin/odd/box"));
    }

    @Test
    void aFileBesideADirectoryOfTheSameName() throws IOException {
        make(KeyCodec.natural(object("a/b")).orElseThrow(), "below");
        make(KeyCodec.escaped(object("a")), "beside");
        assertEquals(5, size("a/b"));
        assertEquals(6, size("a"));
        KeyPath below = KeyCodec.natural(object("c/d")).orElseThrow();
        write("box/c", "file");
        assertEquals(-Errno.ENOTDIR, tree.openParent(below, true));
    }

    private long size(String key) throws IOException {
        return assertInstanceOf(Place.Occupied.class, tree.look(object(key))).size();
    }

    @Test
    void aPlantedSymlinkIsNotFollowedWhereDirectoriesAreMade() throws IOException {
        Path outside = Files.createDirectory(dir.resolve("outside"));
        Files.createSymbolicLink(dir.resolve("box/link"), Path.of("../outside"));
        assertEquals(
                -Errno.ELOOP,
                tree.openParent(KeyCodec.natural(object("link/a/b")).orElseThrow(), true));
        assertEquals(0, entries("outside"));
        tree.prune(KeyCodec.natural(object("link/b")).orElseThrow());
        assertTrue(Files.exists(outside));
    }

    @Test
    void emptyParentsArePrunedUpToTheFirstThatIsNot() throws IOException {
        KeyPath path = KeyCodec.natural(object("keep/a/b/c/file")).orElseThrow();
        make(path, "x");
        write("box/keep/other", "");
        Files.delete(dir.resolve(path.toString()));
        tree.prune(path);
        assertEquals(1, entries("box/keep"));
        Files.delete(dir.resolve("box/keep/other"));
        tree.prune(KeyCodec.natural(object("keep/other")).orElseThrow());
        assertEquals(0, entries("box"));
        tree.prune(KeyCodec.natural(object("gone/too/x")).orElseThrow());
        tree.prune(KeyCodec.natural(object("file")).orElseThrow());
        assertTrue(Files.isDirectory(dir.resolve("box")));
    }

    @Test
    void pruningNeverTakesADirectoryThatHoldsSomething() throws IOException {
        KeyPath path = KeyCodec.natural(object("a/file")).orElseThrow();
        make(path, "x");
        tree.prune(path);
        assertEquals(1, entries("box/a"));
    }

    private long entries(String relative) throws IOException {
        try (var list = Files.list(dir.resolve(relative))) {
            return list.count();
        }
    }

    @Test
    void makingAndPruningTolerateEachOther() throws Exception {
        Map<String, Integer> refused = new ConcurrentHashMap<>();
        List<Thread> owners = IntStream.range(0, 3)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    for (int cycle = 0; cycle < 500; cycle++) {
                        makeAndPrune("file" + i, refused);
                    }
                }))
                .toList();
        for (Thread owner : owners) {
            owner.join();
        }
        assertEquals(Map.of(), refused);
        assertEquals(0, entries("box"));
    }

    /** What an owner does for a PUT and a DELETE: the prune takes directories that another owner is making just then. */
    private void makeAndPrune(String name, Map<String, Integer> refused) {
        KeyPath path = KeyCodec.natural(object("p/q/r/s/" + name)).orElseThrow();
        int file = -Errno.ENOENT;
        for (int round = 0; round < 100 && file == -Errno.ENOENT; round++) {
            int parent = tree.openParent(path, true);
            if (parent < 0) {
                file = parent;
                break;
            }
            file = POSIX.openat2(parent, name, Posix.O_CREAT | Posix.O_RDWR, 0600, 0);
            if (file == -Errno.ENOENT) {
                Backoff.pause(round);
            } else {
                POSIX.unlinkat(parent, name, 0);
            }
            POSIX.close(parent);
        }
        if (file < 0) {
            refused.merge(Errno.name(-file), 1, Integer::sum);
        } else {
            POSIX.close(file);
            tree.prune(path);
        }
    }
}
