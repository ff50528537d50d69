package io.linchpin.posix.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.FsStat;
import io.linchpin.posix.KernelLock;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is durable when, and what a power cut may leave. */
class SimulatedDiskTest {
    private final SimulatedDisk disk = new SimulatedDisk(16);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Fd root(Posix posix) throws PosixException {
        return Fd.openRoot(posix, "/");
    }

    /** Makes a file and syncs nothing. */
    private static Fd write(Posix posix, String name, String text) throws PosixException {
        try (Fd root = root(posix)) {
            return FileIo.createSmall(root, name, 0644, bytes(text));
        }
    }

    private static String read(Posix posix, String name) {
        try (Fd root = root(posix)) {
            return FileIo.readSmallIfPresent(root, name, 1 << 20)
                    .map(b -> new String(b, StandardCharsets.US_ASCII).replace('\0', '_'))
                    .orElse("-");
        } catch (PosixException e) {
            return Errno.name(e.errno());
        }
    }

    private static void syncRoot(Posix posix) throws PosixException {
        try (Fd root = root(posix)) {
            FileIo.fsync(root);
        }
    }

    private Set<String> outcomes(String... names) {
        Set<String> all = new TreeSet<>();
        for (SimulatedDisk after : disk.legalStates()) {
            StringBuilder seen = new StringBuilder();
            for (String name : names) {
                seen.append(seen.isEmpty() ? "" : " ").append(read(after, name));
            }
            all.add(seen.toString());
        }
        return all;
    }

    @Test
    void aFilesSyncDoesNotMakeItsNameDurable() throws Exception {
        try (Fd f = write(disk, "f", "text")) {
            assertEquals(Set.of("-", "", "____", "text"), outcomes("f"));
            FileIo.fsync(f);
            assertEquals(Set.of("-", "text"), outcomes("f"));
            syncRoot(disk);
            assertEquals(Set.of("text"), outcomes("f"));
            assertEquals(1, disk.legalStates().countUpTo(100));
        }
    }

    @Test
    void aNamesSyncDoesNotMakeItsFileDurable() throws Exception {
        write(disk, "f", "text").close();
        syncRoot(disk);
        assertEquals(Set.of("", "____", "text"), outcomes("f"));
    }

    @Test
    void blocksPersistEachForItself() throws Exception {
        try (Fd f = write(disk, "f", "a".repeat(32))) {
            FileIo.fsync(f);
            syncRoot(disk);
            FileIo.writeFully(f, ByteBuffer.wrap(bytes("b".repeat(32))), 0);
            String a = "a".repeat(16);
            String b = "b".repeat(16);
            assertEquals(Set.of(a + a, a + b, b + a, b + b), outcomes("f"));
            FileIo.writeFully(f, ByteBuffer.wrap(bytes("c")), 0);
            String c = "c" + "b".repeat(15);
            assertEquals(Set.of(a + a, a + b, b + a, b + b, c + a, c + b), outcomes("f"));
            FileIo.fdatasync(f);
            assertEquals(Set.of(c + b), outcomes("f"));
        }
    }

    @Test
    void aTruncatedFileMayComeBackWhole() throws Exception {
        try (Fd f = write(disk, "f", "0123")) {
            FileIo.fsync(f);
            syncRoot(disk);
            assertEquals(0, disk.ftruncate(f.number(), 1));
            assertEquals("0", read(disk, "f"));
            assertEquals(Set.of("0", "0123", "0___"), outcomes("f"));
        }
    }

    @Test
    void bothSidesOfARenamePersistEachForItself() throws Exception {
        write(disk, "a", "A").close();
        write(disk, "b", "B").close();
        try (Fd root = root(disk)) {
            FileIo.syncfs(root);
            FileIo.rename(root, "a", root, "b", 0);
            assertEquals(Set.of("A B", "A A", "- B", "- A"), outcomes("a", "b"));
            FileIo.fsync(root);
            assertEquals(Set.of("- A"), outcomes("a", "b"));
        }
    }

    @Test
    void anExchangeIsTwoChanges() throws Exception {
        write(disk, "a", "A").close();
        write(disk, "b", "B").close();
        try (Fd root = root(disk)) {
            FileIo.syncfs(root);
            FileIo.rename(root, "a", root, "b", Posix.RENAME_EXCHANGE);
            assertEquals("B", read(disk, "a"));
            assertEquals(Set.of("A B", "A A", "B B", "B A"), outcomes("a", "b"));
            disk.renameFlags(false);
            assertEquals(-Errno.EINVAL, disk.renameat2(root.number(), "a", root.number(), "b", Posix.RENAME_EXCHANGE));
        }
    }

    @Test
    void fdatasyncPromisesNoTime() throws Exception {
        try (Fd f = write(disk, "f", "x")) {
            FileIo.fsync(f);
            syncRoot(disk);
            long before = FileIo.stat(f).mtimeNanos;
            assertEquals(0, disk.futimens(f.number(), 42));
            FileIo.fdatasync(f);
            Set<Long> times = new HashSet<>();
            for (SimulatedDisk after : disk.legalStates()) {
                FileStat stat = new FileStat();
                assertEquals(0, after.statx(Posix.AT_FDCWD, "f", 0, stat));
                times.add(stat.mtimeNanos);
            }
            assertEquals(Set.of(before, 42L), times);
            FileIo.fsync(f);
            assertEquals(1, disk.legalStates().countUpTo(9));
        }
    }

    @Test
    void aFailedSyncIsNotMadeGoodByTheNext() throws Exception {
        try (Fd f = write(disk, "f", "old")) {
            FileIo.fsync(f);
            syncRoot(disk);
            FileIo.writeFully(f, ByteBuffer.wrap(bytes("new")), 0);
            disk.hook(SyscallHook.failAt(0, Errno.EIO));
            assertEquals(-Errno.EIO, disk.fdatasync(f.number()));
            assertEquals(0, disk.fdatasync(f.number()));
            assertEquals(Set.of("old", "new"), outcomes("f"));
            FileIo.writeFully(f, ByteBuffer.wrap(bytes("new")), 0);
            assertEquals(0, disk.fdatasync(f.number()));
            assertEquals(Set.of("new"), outcomes("f"));
        }
    }

    @Test
    void aKillLosesDescriptorsAndLocksOnly() throws Exception {
        SimulatedProcess other = disk.newProcess();
        write(disk, "f", "x").close();
        KernelLock lock = KernelLock.tryAcquire(disk, Posix.AT_FDCWD, "lock").orElseThrow();
        assertTrue(KernelLock.isHeldBySomebody(other, Posix.AT_FDCWD, "lock"));
        assertTrue(KernelLock.tryAcquire(other, Posix.AT_FDCWD, "lock").isEmpty());
        SimulatedProcess old = disk.process();
        disk.kill();
        assertThrows(SimulatedCrash.class, () -> old.fsync(3));
        assertEquals(-Errno.EBADF, disk.fsync(lock.fd().number()));
        assertFalse(KernelLock.isHeldBySomebody(other, Posix.AT_FDCWD, "lock"));
        assertEquals("x", read(disk, "f"));
        assertTrue(KernelLock.tryAcquire(other, Posix.AT_FDCWD, "lock").isPresent());
        assertTrue(KernelLock.tryAcquire(disk.fork(), Posix.AT_FDCWD, "lock").isEmpty(), "copies keep locks");
    }

    @Test
    void aPowerCutChangesBootAndMount() throws Exception {
        String boot = disk.bootId();
        long mount = mountId(disk);
        disk.remount();
        assertEquals(boot, disk.bootId());
        assertNotEquals(mount, mountId(disk));
        mount = mountId(disk);
        disk.powerCut(new Random(1));
        assertNotEquals(boot, disk.bootId());
        assertNotEquals(mount, mountId(disk));
    }

    private static long mountId(Posix posix) throws PosixException {
        try (Fd root = root(posix)) {
            return FileIo.stat(root).mountId;
        }
    }

    @Test
    void stopsAtACallAndStaysStopped() throws Exception {
        disk.hook(SyscallHook.crashAfter(2));
        assertThrows(SimulatedCrash.class, () -> write(disk, "f", "x"));
        assertThrows(SimulatedCrash.class, () -> root(disk));
        disk.kill();
        assertEquals("", read(disk, "f"));
    }

    @Test
    void copiesGoTheirOwnWay() throws Exception {
        write(disk, "f", "x").close();
        long hash = disk.stateHash();
        SimulatedDisk copy = disk.fork();
        assertEquals(hash, copy.stateHash());
        try (Fd root = root(copy)) {
            FileIo.unlinkIfPresent(root, "f");
        }
        assertEquals("-", read(copy, "f"));
        assertEquals("x", read(disk, "f"));
        assertEquals(hash, disk.stateHash());
        assertNotEquals(hash, copy.stateHash());
    }

    @Test
    void aFullDiskTakesWhatFits() throws Exception {
        try (Fd f = write(disk, "f", "x")) {
            disk.freeSpace(32);
            FsStat fs = new FsStat();
            assertEquals(0, disk.fstatfs(f.number(), fs));
            assertEquals(32, fs.bytesAvailable());
            assertEquals(47, disk.pwrite(f.number(), ByteBuffer.allocate(100), 1));
            assertEquals(-Errno.ENOSPC, disk.pwrite(f.number(), ByteBuffer.allocate(1), 48));
            assertEquals(-Errno.ENOSPC, disk.fallocate(f.number(), 0, 0, 64));
            assertEquals(0, disk.ftruncate(f.number(), 1));
            assertEquals(0, disk.fallocate(f.number(), Posix.FALLOC_FL_KEEP_SIZE, 0, 48));
            disk.freeInodes(0);
            assertEquals(-Errno.ENOSPC, disk.mkdirat(Posix.AT_FDCWD, "d", 0700));
        }
    }

    @Test
    void anUnlinkedFileLivesWhileItIsOpen() throws Exception {
        disk.reuseInodes(true);
        long inode;
        try (Fd root = root(disk)) {
            try (Fd f = write(disk, "f", "x")) {
                inode = FileIo.stat(f).inode;
                FileIo.unlinkIfPresent(root, "f");
                FileIo.syncfs(root);
                assertEquals(0, FileIo.stat(f).links);
                try (Fd g = write(disk, "g", "y")) {
                    assertNotEquals(inode, FileIo.stat(g).inode);
                }
            }
            try (Fd h = write(disk, "h", "z")) {
                assertEquals(inode, FileIo.stat(h).inode, "free, so used again");
            }
        }
    }

    @Test
    void statesOfADirectoryThatMayBeGoneAreNotCountedTwice() throws Exception {
        assertEquals(0, disk.mkdirat(Posix.AT_FDCWD, "d", 0700));
        write(disk, "d/f", "x").close();
        assertEquals(Set.of("-", "", "_", "x"), outcomes("d/f"));
        // No directory; or one without the file; or with it: empty, or of one byte of two values, each with two times.
        assertEquals(1 + 1 + (1 + 2) * 2, disk.legalStates().countUpTo(1000));
    }
}
