package io.linchpin.store.staging;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FsStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpaceGuardTest {
    private final FsStat disk = new FsStat();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicLong asked = new AtomicLong();
    private SpaceGuard guard;

    @BeforeEach
    void diskOfAThousandBytesAndAHundredInodes() {
        disk.blockSize = 1;
        disk.blocksAvailable = 1000;
        disk.files = 200;
        disk.filesFree = 100;
        Posix posix = (Posix) Proxy.newProxyInstance(
                Posix.class.getClassLoader(), new Class<?>[] {Posix.class}, (proxy, method, arguments) -> {
                    FsStat into = (FsStat) arguments[1];
                    into.blockSize = disk.blockSize;
                    into.blocksAvailable = disk.blocksAvailable;
                    into.files = disk.files;
                    into.filesFree = disk.filesFree;
                    asked.incrementAndGet();
                    return 0;
                });
        guard = new SpaceGuard(Fd.adopt(posix, 9, "staging"), new StagingSettings(0, 100, 10, true, true), nanos::get);
    }

    @Test
    void theReserveOfBytesIsKept() throws PosixException {
        guard.admit(900, 2);
        assertRefused(1, 0);
        guard.release(1);
        guard.admit(1, 0);
        assertRefused(Long.MAX_VALUE, 0);
    }

    @Test
    void whatWasTakenCountsUntilTheDiskIsAskedAgain() throws PosixException {
        guard.admit(900, 0);
        guard.taken(900);
        assertRefused(1, 0);
        disk.blocksAvailable = 100;
        nanos.addAndGet(100_000_000);
        assertRefused(1, 0);
        disk.blocksAvailable = 1000;
        nanos.addAndGet(99_999_999);
        assertRefused(1, 0);
        nanos.addAndGet(1);
        guard.admit(900, 0);
        assertEquals(3, asked.get());
    }

    @Test
    void roomForPartsCountsAsUploadsDo() throws PosixException {
        Room room = new Room(guard, 900, 3);
        assertRefused(1, 0);
        room.taken(800);
        assertEquals(100, guard.promisedBytes());
        room.close();
        room.close();
        assertEquals(0, guard.promisedBytes());
        assertThrows(PosixException.class, () -> new Room(guard, 101, 3));
        room = new Room(guard, 100, 3);
        room.taken(150);
        room.close();
        assertEquals(0, guard.promisedBytes());
    }

    @Test
    void theReserveOfInodesIsKept() throws PosixException {
        guard.admit(0, 90);
        assertRefused(0, 2);
        assertDoesNotThrow(() -> guard.admit(1, 0), "an upload that has its files may go on");
    }

    @Test
    void aFilesystemWithoutInodeTableHasEnough() throws PosixException {
        disk.files = 0;
        disk.filesFree = 0;
        guard.admit(0, 2);
    }

    @Test
    void aDiskBelowItsReserveRefusesEverything() {
        disk.blocksAvailable = 99;
        assertRefused(0, 2);
    }

    private void assertRefused(long bytes, int files) {
        PosixException e = assertThrows(PosixException.class, () -> guard.admit(bytes, files));
        assertEquals(Errno.ENOSPC, e.errno());
    }
}
