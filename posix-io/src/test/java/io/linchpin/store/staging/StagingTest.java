package io.linchpin.store.staging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarCodec;
import io.linchpin.store.sidecar.Sidecars;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {
    private static final Incarnation LIFE = Incarnation.of(3, 0x1234);
    private static final UploadId ID = UploadId.of(1, 2);
    private static final int LIMIT = StagingSettings.DEFAULT.inlineLimitBytes();
    /** No reserve: the machine that runs the tests may be nearly full. */
    private static final StagingSettings SETTINGS = new StagingSettings(LIMIT, 0, 0, true, true);

    @TempDir
    private Path directory;

    private final WatchedPosix watched = new WatchedPosix(new NativePosix());
    private final AtomicLong nanos = new AtomicLong();
    private StoreRoot root;
    private Staging staging;
    private Path stagingDirectory;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectory(directory.resolve(".linchpin"));
        root = StoreRoot.open(watched.posix(), directory);
        staging = Staging.open(root, LIFE, SETTINGS, nanos::get);
        stagingDirectory = directory.resolve(".linchpin/staging/" + LIFE);
        watched.calls();
    }

    @AfterEach
    void close() {
        assertEquals(0, staging.space().promisedBytes(), "promised space is given back");
        staging.close();
        root.close();
    }

    @Test
    void theDirectoryIsPrivateAndOpensAgain() throws IOException {
        assertEquals("rwx------", permissions(stagingDirectory));
        assertEquals("rwx------", permissions(directory.resolve(".linchpin/staging")));
        Staging.open(root, LIFE, SETTINGS, nanos::get).close();
    }

    @Test
    void aSmallUploadCostsOneFile() throws IOException {
        byte[] body = random(LIMIT);
        try (StagedUpload upload = staging.begin(ID, LIMIT)) {
            for (int at = 0; at < LIMIT; at += 16384) {
                upload.write(ByteBuffer.wrap(body, at, 16384));
            }
            assertEquals(List.of("fstatfs"), watched.calls());
            StagedPair pair = upload.finish(sidecar(LIMIT));
            upload.giveAway();
            assertEquals(List.of("openat2", "pwrite", "statx", "close"), watched.calls());
            assertStaged(pair, body);
        }
    }

    @Test
    void aSmallUploadOfUnknownLengthIsTheSame() throws IOException {
        byte[] body = random(20_001);
        try (StagedUpload upload = staging.begin(ID, -1)) {
            writeInPieces(upload, body, 777);
            StagedPair pair = upload.finish(sidecar(body.length));
            assertEquals(1, Collections.frequency(watched.calls(), "pwrite"));
            upload.giveAway();
            assertStaged(pair, body);
        }
    }

    @Test
    void anEmptyUploadIsStaged() throws IOException {
        try (StagedUpload upload = staging.begin(ID, 0)) {
            StagedPair pair = upload.finish(sidecar(0));
            upload.giveAway();
            assertStaged(pair, new byte[0]);
        }
    }

    @Test
    void aLargeUploadIsDurableWhenItIsFinished() throws IOException {
        byte[] body = random(LIMIT + 1);
        try (StagedUpload upload = staging.begin(ID, -1)) {
            writeInPieces(upload, body, 30_000);
            watched.calls();
            StagedPair pair = upload.finish(sidecar(body.length));
            List<String> calls = watched.calls();
            assertEquals(
                    List.of("fdatasync", "fdatasync", "fsync"),
                    calls.stream().filter(c -> c.endsWith("sync")).toList());
            assertTrue(calls.indexOf("pwrite") < calls.indexOf("fdatasync"), calls::toString);
            upload.giveAway();
            assertStaged(pair, body);
        }
    }

    @Test
    void writeBackBeginsWithEveryMebibyte() throws IOException {
        byte[] body = random((5 << 20) + 17);
        try (StagedUpload upload = staging.begin(ID, body.length)) {
            writeInPieces(upload, body, 100_000);
            assertEquals(5, Collections.frequency(watched.calls(), "syncFileRange"));
            StagedPair pair = upload.finish(sidecar(body.length));
            upload.giveAway();
            assertStaged(pair, body);
        }
    }

    @Test
    void largeDataOfKnownLengthIsAllocatedFirst() throws IOException {
        byte[] body = random(8 << 20);
        try (StagedUpload upload = staging.begin(ID, body.length)) {
            upload.write(ByteBuffer.wrap(body));
            List<String> calls = watched.calls();
            assertTrue(calls.indexOf("fallocate") >= 0 && calls.indexOf("fallocate") < calls.indexOf("pwrite"));
            StagedPair pair = upload.finish(sidecar(body.length));
            upload.giveAway();
            assertStaged(pair, body);
        }
    }

    @Test
    void closingWithoutGivingAwayAborts() throws IOException {
        StagedUpload writing = staging.begin(ID, -1);
        writing.write(ByteBuffer.wrap(random(LIMIT * 2)));
        assertEquals(1, leftovers());
        writing.close();
        assertEquals(0, leftovers());

        StagedUpload staged = staging.begin(UploadId.of(3, 4), -1);
        staged.finish(sidecar(0));
        assertEquals(1, leftovers());
        staged.close();
        staged.close();
        assertEquals(0, leftovers());
        assertThrows(IllegalStateException.class, staged::giveAway);
    }

    @Test
    void aNameThatIsTakenIsLeftAlone() throws IOException {
        Path data = Files.writeString(stagingDirectory.resolve(ID + ".data"), "somebody's");
        try (StagedUpload upload = staging.begin(ID, -1)) {
            PosixException e = assertThrows(PosixException.class, () -> upload.finish(sidecar(0)));
            assertEquals(Errno.EEXIST, e.errno());
        }
        assertEquals("somebody's", Files.readString(data));
    }

    @Test
    void aFailedSyncFailsTheUploadAndIsNotTriedAgain() throws IOException {
        for (String call : List.of("fdatasync", "fsync")) {
            watched.fail(call, Errno.EIO);
            StagedUpload upload = staging.begin(ID, -1);
            upload.write(ByteBuffer.wrap(random(LIMIT + 1)));
            watched.calls();
            PosixException e = assertThrows(PosixException.class, () -> upload.finish(sidecar(LIMIT + 1)));
            assertEquals(Errno.EIO, e.errno());
            assertEquals(1, Collections.frequency(watched.calls(), call));
            assertEquals(0, leftovers());
            assertThrows(IllegalStateException.class, () -> upload.finish(sidecar(LIMIT + 1)));
            watched.fail(call, 0);
        }
    }

    @Test
    void aFailedWriteLeavesNothing() throws IOException {
        for (int size : new int[] {10, LIMIT + 1}) {
            watched.fail("pwrite", Errno.EDQUOT);
            StagedUpload upload = staging.begin(ID, size);
            PosixException e = assertThrows(PosixException.class, () -> {
                upload.write(ByteBuffer.wrap(random(size)));
                upload.finish(sidecar(size));
            });
            assertEquals(Errno.EDQUOT, e.errno());
            assertEquals(0, leftovers());
            watched.fail("pwrite", 0);
        }
    }

    @Test
    void aSizeThatIsNotTheSidecarsIsRefused() throws IOException {
        StagedUpload upload = staging.begin(ID, -1);
        upload.write(ByteBuffer.wrap(random(9)));
        assertThrows(IllegalStateException.class, () -> upload.finish(sidecar(10)));
        assertEquals(0, leftovers());
    }

    @Test
    void aCopyIsTheSameInEveryWay() throws IOException {
        byte[] body = random((3 << 20) + 4096 + 5);
        Path source = Files.write(directory.resolve("source"), body);
        int way = 0;
        for (StagingSettings settings : List.of(
                SETTINGS,
                new StagingSettings(LIMIT, 0, 0, false, true),
                new StagingSettings(LIMIT, 0, 0, false, false))) {
            for (int offset : new int[] {0, 4096, 5000}) {
                for (int length : new int[] {0, 100, LIMIT, 1 << 20, body.length - offset, body.length}) {
                    UploadId id = UploadId.of(7, way++);
                    byte[] expected = Arrays.copyOfRange(body, offset, Math.min(offset + length, body.length));
                    try (Staging other = Staging.open(root, LIFE, settings, nanos::get);
                            Fd fd = Fd.open(
                                    root.posix(),
                                    root.fd(),
                                    source.getFileName().toString(),
                                    0,
                                    0,
                                    0);
                            StagedUpload upload = other.begin(id, -1)) {
                        ByteArrayOutputStream seen = new ByteArrayOutputStream();
                        long copied = upload.stageCopy(
                                fd,
                                offset,
                                length,
                                way % 2 == 0
                                        ? null
                                        : b -> {
                                            while (b.hasRemaining()) {
                                                seen.write(b.get());
                                            }
                                        });
                        assertEquals(expected.length, copied);
                        if (way % 2 == 1) {
                            assertArrayEquals(expected, seen.toByteArray());
                        }
                        StagedPair pair = upload.finish(sidecar(copied));
                        upload.giveAway();
                        assertArrayEquals(expected, Files.readAllBytes(stagingDirectory.resolve(pair.id() + ".data")));
                    }
                }
            }
        }
    }

    @Test
    void whatIsOpenOfASmallPairIsTakenOnce() throws IOException {
        byte[] body = random(5000);
        try (StagedUpload upload = staging.begin(ID, -1)) {
            upload.write(ByteBuffer.wrap(body));
            StagedPair pair = upload.finish(sidecar(body.length));
            OpenPair open = Objects.requireNonNull(upload.giveAwayOpen());
            assertArrayEquals(body, open.bytes());
            assertEquals(sidecar(body.length), open.sidecar());
            assertTrue(open.take());
            assertFalse(open.take());
            open.close();
            assertEquals(pair.inode(), FileIo.stat(open.data()).inode, "who took it has it, whoever closes the rest");
            open.data().close();
            assertStaged(pair, body);
        }
    }

    @Test
    void whatIsOpenOfASmallPairIsClosedWhereNobodyTookIt() throws IOException {
        try (StagedUpload upload = staging.begin(ID, 1)) {
            upload.write(ByteBuffer.wrap(new byte[1]));
            upload.finish(sidecar(1));
            OpenPair open = Objects.requireNonNull(upload.giveAwayOpen());
            open.close();
            assertFalse(open.take());
            assertFalse(open.data().isOpen());
        }
    }

    @Test
    void nothingIsOpenOfAPairThatIsNotSmall() throws IOException {
        byte[] body = random(20_000);
        try (StagedUpload upload = staging.begin(ID, body.length)) {
            upload.write(ByteBuffer.wrap(body));
            StagedPair pair = upload.finish(sidecar(body.length));
            assertNull(upload.giveAwayOpen());
            assertStaged(pair, body);
        }
    }

    @Test
    void aStagedUploadThatIsAbortedClosesWhatIsOpen() throws IOException {
        StagedUpload upload = staging.begin(ID, 1);
        upload.write(ByteBuffer.wrap(new byte[1]));
        upload.finish(sidecar(1));
        watched.calls();
        upload.close();
        assertEquals(List.of("close", "unlinkat"), watched.calls());
    }

    @Test
    void copiesAppendToWhatWasWritten() throws IOException {
        byte[] body = random(LIMIT);
        Files.write(directory.resolve("source"), body);
        try (Fd fd = Fd.open(root.posix(), root.fd(), "source", 0, 0, 0);
                StagedUpload upload = staging.begin(ID, 2L * LIMIT)) {
            assertEquals(LIMIT, upload.stageCopy(fd, 0, LIMIT, null));
            upload.write(ByteBuffer.wrap(body));
            StagedPair pair = upload.finish(sidecar(2L * LIMIT));
            upload.giveAway();
            byte[] twice = Arrays.copyOf(body, 2 * LIMIT);
            System.arraycopy(body, 0, twice, LIMIT, LIMIT);
            assertStaged(pair, twice);
        }
    }

    private void assertStaged(StagedPair pair, byte[] body) throws IOException {
        Path data = stagingDirectory.resolve(pair.id() + ".data");
        Path meta = stagingDirectory.resolve(pair.id() + ".meta");
        assertArrayEquals(body, Files.readAllBytes(data));
        if (pair.durable()) {
            assertArrayEquals(pair.sidecarBytes(), Files.readAllBytes(meta));
            assertEquals("rw-------", permissions(meta));
        } else {
            assertFalse(Files.exists(meta), "a small sidecar travels with the message");
        }
        assertEquals(sidecar(body.length), SidecarCodec.decode(pair.sidecarBytes()));
        assertEquals(Files.getAttribute(data, "unix:ino"), pair.inode());
        assertEquals(body.length, pair.size());
        assertEquals(LIFE, pair.stagedBy());
        assertEquals("rw-------", permissions(data));
        assertFalse(watched.calls().contains("unlinkat"));
    }

    private long leftovers() throws IOException {
        try (Stream<Path> files = Files.list(stagingDirectory)) {
            return files.count();
        }
    }

    private static void writeInPieces(StagedUpload upload, byte[] body, int piece) throws IOException {
        for (int at = 0; at < body.length; at += piece) {
            upload.write(ByteBuffer.wrap(body, at, Math.min(piece, body.length - at)));
        }
    }

    private static Sidecar sidecar(long size) {
        return Sidecars.plain(Sidecars.object("bucket", "key"), ID, size, "etag");
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
