package io.linchpin.store.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Errno;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.StoreFormat.Result;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFormatTest {
    private static final Posix POSIX = new NativePosix();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private final AtomicLong count = new AtomicLong();

    private UploadId freshId() {
        return UploadId.of(0xabcdL, count.incrementAndGet());
    }

    private Result open(Posix posix, int shards) throws PosixException {
        try (StoreRoot root = StoreRoot.open(posix, dir)) {
            return StoreFormat.openOrCreate(root, shards, this::freshId);
        }
    }

    @Test
    void theFirstMakesItAndTheNextFindsIt() throws IOException {
        Result.Opened first = assertInstanceOf(Result.Opened.class, open(POSIX, 16));
        Result.Opened second = assertInstanceOf(Result.Opened.class, open(POSIX, 64));
        assertTrue(first.created());
        assertFalse(second.created());
        assertEquals(new StoreFormat("000000000000abcd0000000000000001", 16), first.format());
        assertEquals(first.format(), second.format());
        assertEquals(
                "{\"format\":1,\"store\":\"000000000000abcd0000000000000001\",\"shards\":16,\"hash\":\"sha256/64\"}\n",
                Files.readString(dir.resolve(".linchpin/format.json")));
    }

    @Test
    void everyDirectoryIsMadeForItsOwnerAlone() throws IOException {
        open(POSIX, 1);
        for (String name : new String[] {
            "",
            "staging",
            "odd",
            "sidecars",
            "versions",
            "uploads",
            "journal",
            "shards",
            "nodes",
            "displaced",
            "buckets",
            "users"
        }) {
            Path directory = dir.resolve(".linchpin").resolve(name);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)), name);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1025})
    void aNumberOfShardsOutOfRangeIsAnError(int shards) {
        assertThrows(IllegalArgumentException.class, () -> open(POSIX, shards));
        assertFalse(Files.exists(dir.resolve(".linchpin")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"format\":2,\"store\":\"x\"} | the store has format 2, and this program knows only format 1",
                "{\"store\":\"x\"} | names no format version",
                "{\"format\":\"1\"} | names no format version",
                "not json | not JSON",
                "[] | names no format version",
                "'' | names no format version",
                "{\"format\":1,\"store\":\"000000000000abcd0000000000000001\",\"shards\":8,\"hash\":\"md5\"} | knows only 'sha256/64'",
                "{\"format\":1,\"store\":\"short\",\"shards\":8,\"hash\":\"sha256/64\"} | store id",
                "{\"format\":1,\"store\":\"000000000000abcd0000000000000001\",\"shards\":0,\"hash\":\"sha256/64\"} | number of shards",
                "{\"format\":1,\"store\":\"000000000000abcd0000000000000001\",\"shards\":1025,\"hash\":\"sha256/64\"} | number of shards",
            })
    void aFormatThatIsNotKnownIsRefusedByASentence(String document, String why) throws IOException {
        open(POSIX, 8);
        Files.writeString(dir.resolve(".linchpin/format.json"), document);
        Result.Refused refused = assertInstanceOf(Result.Refused.class, open(POSIX, 8));
        assertTrue(refused.sentence().contains(why), refused::sentence);
        assertTrue(refused.sentence().endsWith("."), refused::sentence);
        assertEquals(document, Files.readString(dir.resolve(".linchpin/format.json")));
    }

    @Test
    void thoseWhoMakeItAtOnceAgree() throws Exception {
        int makers = 8;
        CyclicBarrier start = new CyclicBarrier(makers);
        List<Future<Result>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(makers)) {
            for (int i = 0; i < makers; i++) {
                int shards = i + 1;
                results.add(threads.submit(() -> {
                    start.await();
                    return open(POSIX, shards);
                }));
            }
        }
        int creators = 0;
        for (Future<Result> result : results) {
            Result.Opened opened = assertInstanceOf(Result.Opened.class, result.get());
            creators += opened.created() ? 1 : 0;
            assertEquals(
                    assertInstanceOf(Result.Opened.class, results.get(0).get()).format(), opened.format());
        }
        assertEquals(1, creators);
        assertNothingStaged();
    }

    @Test
    void withoutNoReplaceALinkStandsIn() throws IOException {
        Posix posix = AlteredPosix.with((call, arguments) -> call.equals("renameat2") ? -Errno.EINVAL : null);
        Result.Opened first = assertInstanceOf(Result.Opened.class, open(posix, 4));
        assertTrue(first.created());
        assertEquals(
                first.format(),
                assertInstanceOf(Result.Opened.class, open(posix, 5)).format());
        assertNothingStaged();
    }

    @Test
    void whatACreatorLeftWhenItDiedIsSwept() throws IOException {
        Posix posix = AlteredPosix.with((call, arguments) -> call.equals("renameat2") ? -Errno.EIO : null);
        assertEquals(
                Errno.EIO,
                assertThrows(PosixException.class, () -> open(posix, 4)).errno());
        assertTrue(assertInstanceOf(Result.Opened.class, open(POSIX, 4)).created());
        assertNothingStaged();
    }

    @Test
    void theFileIsDurableBeforeItHasItsName() throws IOException {
        List<String> calls = new ArrayList<>();
        Posix posix = AlteredPosix.with((call, arguments) -> {
            if (call.equals("fsync") || call.equals("renameat2") || call.equals("pwrite")) {
                calls.add(call);
            }
            return null;
        });
        open(posix, 4);
        // Root, the new directories; then the file, its name, and the directory that holds it.
        assertEquals(List.of("fsync", "fsync", "pwrite", "fsync", "renameat2", "fsync"), calls);
    }

    @Test
    void aSymlinkInPlaceOfADirectoryIsAnError() throws IOException {
        Path outside = Files.createDirectory(dir.resolve("outside"));
        Files.createSymbolicLink(dir.resolve(".linchpin"), outside);
        assertEquals(
                Errno.ELOOP,
                assertThrows(PosixException.class, () -> open(POSIX, 4)).errno());
        Files.delete(dir.resolve(".linchpin"));
        Files.createDirectory(dir.resolve(".linchpin"));
        Files.createSymbolicLink(dir.resolve(".linchpin/odd"), outside);
        assertEquals(
                Errno.ELOOP,
                assertThrows(PosixException.class, () -> open(POSIX, 4)).errno());
    }

    private void assertNothingStaged() throws IOException {
        try (var names = Files.list(dir.resolve(".linchpin"))) {
            assertEquals(
                    List.of("format.json"),
                    names.filter(Files::isRegularFile)
                            .map(p -> p.getFileName().toString())
                            .toList());
        }
    }
}
