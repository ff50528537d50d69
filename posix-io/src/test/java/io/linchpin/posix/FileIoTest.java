package io.linchpin.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIoTest {
    @TempDir
    Path temp;

    private Fd root;

    @BeforeEach
    void openRoot() throws Exception {
        root = Fd.openRoot(new NativePosix(), temp.toString());
    }

    @AfterEach
    void closeRoot() {
        root.close();
    }

    @Test
    void smallFilesComeBackWhole() throws Exception {
        byte[] bytes = {1, 2, 3};
        FileIo.createSmall(root, "a", 0600, bytes).close();
        assertArrayEquals(bytes, FileIo.readSmall(root, "a", 3));
        assertEquals(
                Errno.EFBIG,
                assertThrows(PosixException.class, () -> FileIo.readSmall(root, "a", 2))
                        .errno());
        assertTrue(FileIo.readSmallIfPresent(root, "b", 9).isEmpty());
        PosixException taken = assertThrows(PosixException.class, () -> FileIo.createSmall(root, "a", 0600, bytes));
        assertEquals(Errno.EEXIST, taken.errno());
        assertEquals("openat2", taken.call());
        assertArrayEquals(bytes, FileIo.readSmall(root, "a", 3), "the file in the way is left alone");
    }

    @Test
    void replacesAFile() throws Exception {
        FileIo.replaceDurably(root, "a", "a.1", 0600, new byte[] {1});
        FileIo.replaceDurably(root, "a", "a.2", 0600, new byte[400_000]);
        assertArrayEquals(new byte[400_000], FileIo.readSmall(root, "a", 1 << 20));
        assertEquals(Set.of("a"), names());
    }

    @Test
    void directoriesAndNames() throws Exception {
        assertTrue(FileIo.mkdirIfAbsent(root, "d", 0700));
        assertFalse(FileIo.mkdirIfAbsent(root, "d", 0700));
        try (Fd d = root.openDir("d")) {
            FileIo.createSmall(d, "x", 0600, new byte[0]).close();
            assertTrue(FileIo.statIfPresent(root, "d/x").isPresent());
            assertTrue(FileIo.statIfPresent(root, "d/x/y").isEmpty());
            assertTrue(FileIo.statIfPresent(root, "d/z").isEmpty());
            FileIo.fsync(d);
            assertEquals(1, FileIo.list(d).size());
            assertEquals(1, FileIo.list(d).size(), "from the start again");
            assertTrue(FileIo.unlinkIfPresent(d, "x"));
            assertFalse(FileIo.unlinkIfPresent(d, "x"));
        }
        assertEquals(
                Errno.EINVAL,
                assertThrows(PosixException.class, () -> FileIo.readSmall(root, "d", 9))
                        .errno());
    }

    @Test
    void openStaysBeneath() throws Exception {
        Files.createSymbolicLink(temp.resolve("l"), Path.of("/etc"));
        assertEquals(
                Errno.ELOOP,
                assertThrows(PosixException.class, () -> root.openDir("l")).errno());
        assertEquals(
                Errno.EXDEV,
                assertThrows(PosixException.class, () -> root.openDir("..")).errno());
    }

    @Test
    void aClosedDescriptorHasNoNumber() throws Exception {
        Fd d = root.openDir(".");
        d.close();
        d.close();
        assertFalse(d.isOpen());
        assertThrows(IllegalStateException.class, d::number);
        Fd twice = Fd.adopt(root.posix(), 9999, "nothing");
        assertThrows(IllegalStateException.class, twice::close);
    }

    private Set<String> names() throws Exception {
        return FileIo.list(root).stream().map(DirEntry::name).collect(Collectors.toSet());
    }
}
