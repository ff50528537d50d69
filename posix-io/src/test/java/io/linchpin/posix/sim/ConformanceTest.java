package io.linchpin.posix.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The simulated disk against the kernel: the same random calls, the same results and errnos, the same files. A failure
 * prints the seed and the calls that led to it.
 */
class ConformanceTest {
    private static final String[] PATHS = {
        "a", "b", "c", "d", "e", "d/a", "d/b", "d/e", "d/e/x", "e/a", "toA", "toD", "toNone", "toD/a", ".", "..",
        "d/..", "d/.", "d/../a", "a/", "d/", "e/", "./b", "a/x", "", "toA/", "out", "out/x", "loop", "/", "n\u00e9",
        "x\0y"
    };
    private static final int[] OPEN_FLAGS = {
        Posix.O_RDONLY,
        Posix.O_RDWR,
        Posix.O_WRONLY,
        Posix.O_RDWR | Posix.O_CREAT,
        Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL,
        Posix.O_RDWR | Posix.O_CREAT | Posix.O_NOFOLLOW,
        Posix.O_RDWR | Posix.O_TRUNC,
        Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK,
        Posix.O_RDONLY | Posix.O_DIRECTORY,
        Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW,
        Posix.O_PATH,
        Posix.O_PATH | Posix.O_NOFOLLOW,
        Posix.O_CREAT | Posix.O_DIRECTORY,
        Posix.O_PATH | Posix.O_RDWR
    };
    private static final long[] RESOLVE = {
        0,
        Posix.RESOLVE_BENEATH,
        Posix.RESOLVE_BENEATH | Posix.RESOLVE_NO_SYMLINKS | Posix.RESOLVE_NO_MAGICLINKS,
        0x1000
    };
    private static final int[] FALLOCATE = {
        0,
        Posix.FALLOC_FL_KEEP_SIZE,
        Posix.FALLOC_FL_KEEP_SIZE | Posix.FALLOC_FL_PUNCH_HOLE,
        Posix.FALLOC_FL_PUNCH_HOLE,
        Posix.FALLOC_FL_ZERO_RANGE,
        Posix.FALLOC_FL_ZERO_RANGE | Posix.FALLOC_FL_KEEP_SIZE
    };

    @TempDir
    Path temp;

    private final Posix kernel = new NativePosix();
    private final List<String> trace = new ArrayList<>();
    private Random random = new Random(0);
    private SimulatedDisk disk = new SimulatedDisk();
    private int[] kernelFds = {};
    private int[] diskFds = {};

    @Test
    void doesWhatTheKernelDoes() throws Exception {
        long seed = Long.getLong("linchpin.seed", 20261122L);
        for (int round = 0; round < 60; round++) {
            run(seed + round, temp.resolve("round" + round));
        }
    }

    private void run(long seed, Path directory) throws Exception {
        random = new Random(seed);
        trace.clear();
        trace.add("seed " + seed);
        Path root = directory.resolve("top/root");
        Files.createDirectories(root);
        disk = new SimulatedDisk(512);
        disk.umask(umask());
        assertEquals(0, disk.mkdirat(Posix.AT_FDCWD, "top", 0755));
        assertEquals(0, disk.mkdirat(Posix.AT_FDCWD, "top/root", 0755));
        for (String[] link :
                new String[][] {{"toA", "a"}, {"toD", "d"}, {"toNone", "none/x"}, {"out", ".."}, {"loop", "loop"}}) {
            Files.createSymbolicLink(root.resolve(link[0]), Path.of(link[1]));
            disk.symlink("top/root/" + link[0], link[1]);
        }
        kernelFds = new int[7];
        diskFds = new int[7];
        Arrays.fill(kernelFds, 9999);
        Arrays.fill(diskFds, 9999);
        kernelFds[0] = kernel.openat2(Posix.AT_FDCWD, root.toString(), Posix.O_DIRECTORY, 0, 0);
        diskFds[0] = disk.openat2(Posix.AT_FDCWD, "top/root", Posix.O_DIRECTORY, 0, 0);
        for (int i = 0; i < 1500; i++) {
            step();
        }
        for (int i = 0; i < kernelFds.length; i++) {
            kernel.close(kernelFds[i]);
        }
    }

    private static int umask() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Umask:"))
                .mapToInt(line -> Integer.parseInt(line.substring(6).trim(), 8))
                .findFirst()
                .orElseThrow();
    }

    private String path() {
        return PATHS[random.nextInt(PATHS.length)];
    }

    /** What leads out of the tree: looked at, but neither opened for more calls nor moved, so that these stay within. */
    private static boolean leadsOut(String path) {
        return path.startsWith("..") || path.startsWith("out") || path.startsWith("/");
    }

    /** For calls on two paths; of two errors either may be said, so the path that is none stays out. */
    private String pathWithin() {
        String path = path();
        return leadsOut(path) || path.indexOf(0) >= 0 ? "a" : path;
    }

    private int slot() {
        return random.nextInt(3) > 0 ? 0 : random.nextInt(kernelFds.length);
    }

    private int file() {
        return random.nextInt(kernelFds.length);
    }

    /** One call to both; gives the common result. */
    private long both(String call, ToLongFunction<Side> of) {
        long one = of.applyAsLong(new Side(kernel, kernelFds));
        long two = of.applyAsLong(new Side(disk, diskFds));
        trace.add(call + " = " + word(one));
        // Of two wrong paths either may be the one that is complained of.
        boolean eitherWord = (call.startsWith("rename") || call.startsWith("link")) && one < 0 && two < 0;
        assertEquals(word(one), eitherWord ? word(one) : word(two), () -> String.join("\n", trace));
        return one;
    }

    private static String word(long result) {
        return result < 0 ? Errno.name((int) -result) : Long.toString(result);
    }

    private record Side(Posix posix, int[] fds) {}

    private void step() {
        switch (random.nextInt(22)) {
            case 0, 1, 2, 3 -> open();
            case 4 -> {
                int fd = 1 + random.nextInt(kernelFds.length - 1);
                both("close " + fd, s -> s.posix.close(s.fds[fd]));
                kernelFds[fd] = 9999;
                diskFds[fd] = 9999;
            }
            case 5, 6, 7 -> write();
            case 8 -> read();
            case 9, 10 -> stat();
            case 11 -> {
                int at = slot();
                String path = path();
                both("mkdirat " + at + " " + path, s -> s.posix.mkdirat(s.fds[at], path, 0755));
            }
            case 12 -> {
                int at = slot();
                String path = path();
                int flags = random.nextBoolean() ? Posix.AT_REMOVEDIR : 0;
                both("unlinkat " + at + " " + path + " " + flags, s -> s.posix.unlinkat(s.fds[at], path, flags));
            }
            case 13, 14, 15 -> rename();
            case 16 -> {
                int one = slot();
                int two = slot();
                String from = pathWithin();
                String to = pathWithin();
                both(
                        "linkat " + one + " " + from + " " + two + " " + to,
                        s -> s.posix.linkat(s.fds[one], from, s.fds[two], to));
            }
            case 17 -> list();
            case 18 -> resize();
            case 19 -> attributes();
            case 20 -> lock();
            default -> sync();
        }
    }

    private void open() {
        int at = slot();
        String path = path();
        int flags = OPEN_FLAGS[random.nextInt(OPEN_FLAGS.length)];
        int mode = (flags & Posix.O_CREAT) != 0 ? 0666 : random.nextInt(20) == 0 ? 0600 : 0;
        long any = RESOLVE[random.nextInt(RESOLVE.length)];
        long resolve = leadsOut(path) ? any | Posix.RESOLVE_BENEATH : any;
        int into = 1 + random.nextInt(kernelFds.length - 1);
        int[] opened = new int[2];
        String call = "openat2 " + at + " " + path + " " + Integer.toHexString(flags) + " " + resolve + " to " + into;
        long result = both(call, s -> {
            int fd = s.posix.openat2(s.fds[at], path, flags, mode, resolve);
            opened[s.posix instanceof NativePosix ? 0 : 1] = fd;
            return Math.min(fd, 0);
        });
        if (result == 0) {
            kernel.close(kernelFds[into]);
            disk.close(diskFds[into]);
            kernelFds[into] = opened[0];
            diskFds[into] = opened[1];
        }
    }

    private void write() {
        int fd = file();
        long offset = random.nextInt(40) == 0 ? -1 : random.nextInt(3000);
        byte[] bytes = new byte[random.nextInt(1500)];
        random.nextBytes(bytes);
        both(
                "pwrite " + fd + " " + bytes.length + " at " + offset,
                s -> s.posix.pwrite(s.fds[fd], ByteBuffer.wrap(bytes), offset));
    }

    private void read() {
        int fd = file();
        int offset = random.nextInt(5000) - 50;
        int length = random.nextInt(3000) + 1;
        List<ByteBuffer> buffers = new ArrayList<>();
        both("pread " + fd + " " + length + " at " + offset, s -> {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            buffers.add(buffer);
            return s.posix.pread(s.fds[fd], buffer, offset);
        });
        assertEquals(buffers.get(0).flip(), buffers.get(1).flip(), () -> String.join("\n", trace));
    }

    private void stat() {
        int at = slot();
        String path = path();
        int flags = path.isEmpty() ? Posix.AT_EMPTY_PATH : 0;
        List<String> said = new ArrayList<>();
        both("statx " + at + " " + path, s -> {
            FileStat stat = new FileStat();
            int result = s.posix.statx(s.fds[at], path, flags, stat);
            boolean outside = path.startsWith("/");
            String file = stat.isRegular() ? " size " + stat.size + " links " + stat.links : "";
            said.add(result < 0 || outside ? "" : Integer.toOctalString(stat.mode) + file);
            return result;
        });
        assertEquals(said.get(0), said.get(1), () -> String.join("\n", trace));
    }

    private void rename() {
        int one = slot();
        int two = slot();
        String from = pathWithin();
        String to = pathWithin();
        int flags = random.nextInt(10) == 0 ? 3 : random.nextInt(3);
        both(
                "renameat2 " + one + " " + from + " " + two + " " + to + " " + flags,
                s -> s.posix.renameat2(s.fds[one], from, s.fds[two], to, flags));
    }

    private void list() {
        int fd = file();
        List<String> said = new ArrayList<>();
        both("getdents64 " + fd, s -> {
            s.posix.rewind(s.fds[fd]);
            List<DirEntry> entries = new ArrayList<>();
            int result;
            do {
                result = s.posix.getdents64(s.fds[fd], entries);
            } while (result > 0);
            said.add(entries.stream()
                    .map(e -> e.name() + ":" + e.type())
                    .sorted()
                    .collect(Collectors.joining(" ")));
            return result;
        });
        assertEquals(said.get(0), said.get(1), () -> String.join("\n", trace));
    }

    private void resize() {
        int fd = file();
        int length = random.nextInt(4000) - 30;
        if (random.nextBoolean()) {
            both("ftruncate " + fd + " " + length, s -> s.posix.ftruncate(s.fds[fd], length));
            return;
        }
        int mode = FALLOCATE[random.nextInt(FALLOCATE.length)];
        int offset = random.nextInt(3000) - 20;
        both(
                "fallocate " + fd + " " + mode + " " + offset + " " + length,
                s -> s.posix.fallocate(s.fds[fd], mode, offset, length));
    }

    private void attributes() {
        int fd = file();
        if (fd == 0) {
            return;
        }
        long mtime = random.nextLong() >>> 3;
        int mode = random.nextBoolean() ? 0700 : 0751;
        both("fchmod " + fd + " " + mode, s -> s.posix.fchmod(s.fds[fd], mode));
        both("fchown " + fd, s -> s.posix.fchown(s.fds[fd], -1, -1));
        long set = both("futimens " + fd + " " + mtime, s -> s.posix.futimens(s.fds[fd], mtime));
        if (set == 0) {
            both("statx of it", s -> {
                FileStat stat = new FileStat();
                assertEquals(0, s.posix.statx(s.fds[fd], "", Posix.AT_EMPTY_PATH, stat));
                return stat.mtimeNanos;
            });
        }
    }

    private void lock() {
        int fd = file();
        switch (random.nextInt(3)) {
            case 0 -> both("F_OFD_SETLK " + fd, s -> s.posix.ofdSetLock(s.fds[fd]));
            case 1 -> both("F_OFD_SETLK unlock " + fd, s -> s.posix.ofdUnlock(s.fds[fd]));
            default -> both("F_OFD_GETLK " + fd, s -> s.posix.ofdGetLock(s.fds[fd]));
        }
    }

    private void sync() {
        int fd = file();
        int other = file();
        int length = random.nextInt(2000);
        int offset = random.nextInt(2000);
        switch (random.nextInt(4)) {
            case 0 -> both("fsync " + fd, s -> s.posix.fsync(s.fds[fd]));
            case 1 -> both("fdatasync " + fd, s -> s.posix.fdatasync(s.fds[fd]));
            default ->
                both(
                        "copy_file_range " + fd + " " + offset + " " + other + " 100 " + length,
                        s -> s.posix.copyFileRange(s.fds[fd], offset, s.fds[other], 100, length));
        }
    }
}
