package io.linchpin.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every call against the kernel, checked by what java.nio says of the same files. */
class NativePosixTest {
    private final Posix posix = new NativePosix();

    @TempDir
    Path temp;

    private int root;

    @BeforeEach
    void openRoot() {
        root = posix.openat2(Posix.AT_FDCWD, temp.toString(), Posix.O_DIRECTORY, 0, 0);
        assertTrue(root >= 0);
    }

    @AfterEach
    void closeRoot() {
        posix.close(root);
    }

    private int create(String name) {
        int fd = posix.openat2(root, name, Posix.O_RDWR | Posix.O_CREAT, 0644, Posix.RESOLVE_BENEATH);
        assertTrue(fd >= 0, () -> "openat2 said " + fd);
        return fd;
    }

    private int createWith(String name, String text) {
        int fd = create(name);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(bytes.length, posix.pwrite(fd, ByteBuffer.wrap(bytes), 0));
        return fd;
    }

    private String text(String name) throws Exception {
        return Files.readString(temp.resolve(name));
    }

    @Test
    void errnoIsThisCallsOwn() {
        assertEquals(-Errno.ENOENT, posix.openat2(root, "none", 0, 0, 0));
        assertEquals(-Errno.EBADF, posix.fsync(9999));
        assertEquals(-Errno.EEXIST, posix.mkdirat(Posix.AT_FDCWD, temp.toString(), 0700));
        assertEquals(-Errno.EINVAL, posix.openat2(root, "x", 0, 0644, 0), "a mode without O_CREAT");
    }

    @Test
    void openFlagsKeepTheirMeaning() throws Exception {
        posix.close(create("file"));
        Files.createSymbolicLink(temp.resolve("link"), Path.of("file"));
        Files.createSymbolicLink(temp.resolve("out"), Path.of("/"));
        assertEquals(-Errno.ENOTDIR, posix.openat2(root, "file", Posix.O_DIRECTORY, 0, 0));
        assertEquals(-Errno.ELOOP, posix.openat2(root, "link", Posix.O_NOFOLLOW, 0, 0));
        assertEquals(-Errno.ELOOP, posix.openat2(root, "link", 0, 0, Posix.RESOLVE_NO_SYMLINKS));
        assertEquals(-Errno.EXDEV, posix.openat2(root, "out/etc", 0, 0, Posix.RESOLVE_BENEATH));
        assertEquals(-Errno.EXDEV, posix.openat2(root, "../x", 0, 0, Posix.RESOLVE_BENEATH));
        assertEquals(-Errno.EEXIST, posix.openat2(root, "file", Posix.O_CREAT | Posix.O_EXCL, 0600, 0));
        assertEquals(0x84000L | 0x8000L, NativePosix.kernelOpenFlags(Posix.O_DIRECTORY | Posix.O_NOFOLLOW, true));
        assertEquals(0x80000L | 0x10042L, NativePosix.kernelOpenFlags(Posix.O_DIRECTORY | 0x42, false));
    }

    @Test
    void pathsThatNoFileCanHave() {
        assertEquals(-Errno.EINVAL, posix.mkdirat(root, "a\0b", 0700));
        assertEquals(-Errno.EINVAL, posix.mkdirat(root, "\u00e9\0b", 0700));
        assertEquals(-Errno.EINVAL, posix.mkdirat(root, "half\ud83d", 0700));
        assertEquals(-Errno.EINVAL, posix.mkdirat(root, "half\ude00", 0700));
        assertEquals(-Errno.ENAMETOOLONG, posix.mkdirat(root, "a".repeat(256), 0700));
        assertEquals(-Errno.ENAMETOOLONG, posix.mkdirat(root, "a/".repeat(2048), 0700));
        assertEquals(-Errno.ENAMETOOLONG, posix.mkdirat(root, "\u00e9/".repeat(2000), 0700));
    }

    @Test
    void readsAndWritesHeapDirectAndReadOnlyBuffers() {
        byte[] bytes = new byte[700_000];
        new Random(7).nextBytes(bytes);
        int fd = create("data");
        ByteBuffer heap = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        while (heap.hasRemaining()) {
            assertTrue(posix.pwrite(fd, heap, heap.position()) > 0);
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 10).position(10);
        while (direct.hasRemaining()) {
            assertTrue(posix.pread(fd, direct, direct.position() - 10) > 0);
        }
        byte[] back = new byte[bytes.length];
        direct.get(10, back);
        assertArrayEquals(bytes, back);
        ByteBuffer part = ByteBuffer.allocate(100).position(20).limit(50);
        assertEquals(30, posix.pread(fd, part, 1000));
        assertEquals(50, part.position());
        assertEquals(ByteBuffer.wrap(bytes, 1000, 30), part.flip().position(20));
        assertEquals(0, posix.pread(fd, ByteBuffer.allocate(5), bytes.length));
        assertEquals(-Errno.EINVAL, posix.pread(fd, ByteBuffer.allocate(5), -1));
        posix.close(fd);
    }

    @Test
    void statxSaysWhatNioSays() throws Exception {
        int fd = createWith("f", "12345");
        assertEquals(0, posix.fchmod(fd, 0640));
        long mtime = 1_700_000_000_123_456_789L;
        assertEquals(0, posix.futimens(fd, mtime));
        Files.createLink(temp.resolve("f2"), temp.resolve("f"));
        FileStat stat = new FileStat();
        assertEquals(0, posix.statx(root, "f", 0, stat));
        assertTrue(stat.isRegular());
        assertEquals(0640, stat.permissions());
        assertEquals(5, stat.size);
        assertEquals(2, stat.links);
        assertEquals(mtime, stat.mtimeNanos);
        assertEquals(Files.getAttribute(temp.resolve("f"), "unix:ino"), stat.inode);
        assertEquals(Files.getAttribute(temp.resolve("f"), "unix:uid"), stat.uid);
        assertEquals(Files.getAttribute(temp.resolve("f"), "unix:gid"), stat.gid);
        FileTime ctime = (FileTime) Files.getAttribute(temp.resolve("f"), "unix:ctime");
        assertEquals(ctime.toInstant(), Instant.ofEpochSecond(0, stat.ctimeNanos));
        assertTrue(stat.allocated >= 0 && stat.allocated % 512 == 0);
        FileStat byFd = new FileStat();
        assertEquals(0, posix.statx(fd, "", Posix.AT_EMPTY_PATH, byFd));
        assertEquals(stat.inode, byFd.inode);
        assertEquals(stat.device, byFd.device);
        assertNotEquals(0, stat.mountId);
        assertEquals(stat.mountId, byFd.mountId);
        assertEquals(0, posix.futimens(fd, -1));
        assertEquals(0, posix.statx(root, "f", 0, stat));
        assertEquals(-1, stat.mtimeNanos);
        posix.close(fd);
        Files.createSymbolicLink(temp.resolve("s"), Path.of("f"));
        assertEquals(0, posix.statx(root, "s", 0, stat));
        assertTrue(stat.isSymlink());
        assertEquals(0, posix.statx(root, "", Posix.AT_EMPTY_PATH, stat));
        assertTrue(stat.isDirectory());
        assertEquals(Long.MAX_VALUE, Structs.nanos(1L << 40, 0));
        assertEquals(Long.MIN_VALUE, Structs.nanos(-(1L << 40), 0));
    }

    @Test
    void renamesWithFlags() throws Exception {
        posix.close(createWith("a", "a"));
        posix.close(createWith("b", "b"));
        assertEquals(-Errno.EEXIST, posix.renameat2(root, "a", root, "b", Posix.RENAME_NOREPLACE));
        assertEquals(0, posix.renameat2(root, "a", root, "b", Posix.RENAME_EXCHANGE));
        assertEquals("b", text("a"));
        assertEquals("a", text("b"));
        assertEquals(-Errno.ENOENT, posix.renameat2(root, "a", root, "c", Posix.RENAME_EXCHANGE));
        assertEquals(0, posix.renameat2(root, "a", root, "c", Posix.RENAME_NOREPLACE));
        assertEquals(0, posix.renameat2(root, "c", root, "b", 0));
        assertEquals("b", text("b"));
        assertEquals(0, posix.linkat(root, "b", root, "d"));
        assertEquals(-Errno.EEXIST, posix.linkat(root, "b", root, "d"));
        assertEquals(0, posix.unlinkat(root, "d", 0));
        assertEquals(-Errno.ENOENT, posix.unlinkat(root, "d", 0));
        assertEquals(0, posix.mkdirat(root, "dir", 0700));
        assertEquals(-Errno.EISDIR, posix.unlinkat(root, "dir", 0));
        assertEquals(0, posix.mkdirat(root, "dir/sub", 0700));
        assertEquals(-Errno.ENOTEMPTY, posix.unlinkat(root, "dir", Posix.AT_REMOVEDIR));
        assertEquals(0, posix.unlinkat(root, "dir/sub", Posix.AT_REMOVEDIR));
        assertEquals(0, posix.unlinkat(root, "dir", Posix.AT_REMOVEDIR));
    }

    @Test
    void sizesAndSpace() throws Exception {
        int fd = createWith("f", "hello");
        assertEquals(0, posix.fallocate(fd, Posix.FALLOC_FL_KEEP_SIZE, 0, 1 << 20));
        assertEquals(5, Files.size(temp.resolve("f")));
        assertEquals(0, posix.ftruncate(fd, 3));
        assertEquals("hel", text("f"));
        assertEquals(0, posix.fallocate(fd, 0, 0, 4096));
        assertEquals(4096, Files.size(temp.resolve("f")));
        assertEquals(0, posix.syncFileRange(fd, 0, 0, Posix.SYNC_FILE_RANGE_WRITE));
        assertEquals(0, posix.fdatasync(fd));
        assertEquals(0, posix.fsync(fd));
        assertEquals(0, posix.fsync(root));
        assertEquals(0, posix.fchown(fd, -1, -1));
        FsStat fs = new FsStat();
        assertEquals(0, posix.fstatfs(root, fs));
        assertTrue(fs.type != 0 && fs.blockSize >= 512 && fs.bytesAvailable() > 0);
        assertEquals(temp.toFile().getTotalSpace(), fs.blocks * fs.blockSize);
        posix.close(fd);
    }

    @Test
    void copiesBetweenFiles() throws Exception {
        int from = createWith("from", "0123456789");
        int to = create("to");
        assertEquals(4, posix.copyFileRange(from, 3, to, 1, 4));
        assertEquals("\u00003456", text("to"));
        int reflink = posix.ficlonerange(from, 0, 0, to, 0);
        assertTrue(reflink == 0 || reflink == -Errno.EOPNOTSUPP || reflink == -Errno.EINVAL, "reflink " + reflink);
        posix.close(from);
        posix.close(to);
    }

    @Test
    void listsADirectoryInBatchesAndAnew() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 1500; i++) {
            String name = "a-fairly-long-name-\u00e9\ud83d\ude00-" + i;
            posix.close(create(name));
            made.add(name);
        }
        for (int round = 0; round < 2; round++) {
            List<DirEntry> all = new ArrayList<>();
            int batches = 0;
            int appended;
            do {
                int before = all.size();
                appended = posix.getdents64(root, all);
                assertEquals(appended, all.size() - before);
                batches++;
            } while (appended > 0);
            assertTrue(batches > 2);
            assertEquals(1500, all.size());
            assertEquals(made, all.stream().map(DirEntry::name).collect(Collectors.toSet()));
            assertTrue(all.stream().allMatch(e -> e.type() == DirEntry.REGULAR && e.inode() > 0));
            assertEquals(0, posix.rewind(root));
        }
    }

    @Test
    void anEmptyDirectoryHasNoEntries() {
        assertEquals(0, posix.getdents64(root, new ArrayList<>()));
        assertEquals(-Errno.EBADF, posix.getdents64(9999, new ArrayList<>()));
    }

    @Test
    void ofdLocksBelongToTheOpenFile() {
        int one = create("lock");
        int two = create("lock");
        assertEquals(0, posix.ofdGetLock(one));
        assertEquals(0, posix.ofdSetLock(one));
        assertEquals(0, posix.ofdGetLock(one), "one's own lock is nobody else's");
        assertEquals(1, posix.ofdGetLock(two));
        assertEquals(-Errno.EAGAIN, posix.ofdSetLock(two));
        assertEquals(0, posix.ofdUnlock(one));
        assertEquals(0, posix.ofdSetLock(two));
        assertEquals(0, posix.close(two));
        assertEquals(0, posix.ofdSetLock(one));
        posix.close(one);
    }

    @Test
    void errnoIsNotSharedBetweenThreadsOfEitherKind() throws Exception {
        List<Future<?>> done = new ArrayList<>();
        try (ExecutorService platform = Executors.newFixedThreadPool(4);
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                int which = i;
                done.add((i % 2 == 0 ? platform : virtual).submit(() -> {
                    for (int n = 0; n < 5_000; n++) {
                        if (which % 4 < 2) {
                            assertEquals(-Errno.ENOENT, posix.unlinkat(root, "none" + which, 0));
                        } else {
                            assertEquals(-Errno.EEXIST, posix.mkdirat(root, "/", 0700));
                        }
                    }
                    return 0;
                }));
            }
            for (Future<?> f : done) {
                f.get();
            }
        }
    }
}
