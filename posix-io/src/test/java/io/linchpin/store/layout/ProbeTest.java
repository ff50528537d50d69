package io.linchpin.store.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.Errno;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.FsStat;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.AlteredPosix.Alteration;
import io.linchpin.store.layout.Probe.Result;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The probe on the filesystem of the temporary directory, and on ones with a flaw each. */
class ProbeTest {
    private static final Posix POSIX = new NativePosix();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private final AtomicLong count = new AtomicLong();

    private UploadId freshId() {
        return UploadId.of(0, count.incrementAndGet());
    }

    private Result probe(Posix posix) throws PosixException {
        try (StoreRoot root = StoreRoot.open(posix, dir)) {
            return Probe.run(root, () -> "boot", this::freshId);
        }
    }

    private Result probe(Alteration alteration) throws PosixException {
        return probe(AlteredPosix.with(alteration));
    }

    private Result.Fit fit(Result result) {
        return assertInstanceOf(Result.Fit.class, result, result::toString);
    }

    private void assertRefused(String why, Result result) throws IOException {
        String sentence =
                assertInstanceOf(Result.Refused.class, result, result::toString).sentence();
        assertTrue(sentence.contains(why), sentence);
        assertTrue(sentence.startsWith("Linchpin cannot ") && sentence.endsWith("."), sentence);
        assertNothingLeft();
    }

    private void assertNothingLeft() throws IOException {
        if (Files.exists(dir.resolve(".linchpin"))) {
            try (var names = Files.list(dir.resolve(".linchpin"))) {
                assertEquals(0, names.count());
            }
        }
    }

    @Test
    void thisFilesystemIsFitAndNothingStaysBehind() throws IOException {
        StoreCapabilities found = fit(probe(POSIX)).capabilities();
        assertTrue(found.exchange());
        assertEquals("boot", found.bootId());
        assertTrue(found.mountId() != 0 && found.device() != 0, found::toString);
        assertNothingLeft();
        assertEquals(found, fit(probe(POSIX)).capabilities());
    }

    @Test
    void theKernelNamesThisBoot() {
        assertTrue(Probe.kernelBootId().matches("[0-9a-f-]{36}"));
    }

    @ParameterizedTest
    @CsvSource({
        "ef53, ext4, true",
        "58465342, xfs, true",
        "9123683e, btrfs, true",
        "1021994, tmpfs, true",
        "65735546, FUSE, false",
        "6969, NFS, false",
        "1021997, 9p, false",
        "794c7630, overlay, false",
        "12345678, type 0x12345678, false"
    })
    void syncfsIsTrustedByTypeOfFilesystem(String magic, String name, boolean trusted) throws IOException {
        Result.Fit fit = fit(probe((call, arguments) -> {
            if (call.equals("fstatfs")) {
                ((FsStat) arguments[1]).type = Long.parseLong(magic, 16);
                return 0;
            }
            return null;
        }));
        assertEquals(trusted, fit.capabilities().trustSyncfs());
        assertEquals(name, fit.capabilities().fsName());
        assertTrue(fit.sentences().getFirst().contains("is on " + name + ": "), fit.sentences()::toString);
        assertEquals(trusted, fit.sentences().getFirst().contains("one syncfs"));
    }

    @Test
    void aSignExtendedMagicNumberIsTheSameType() {
        assertEquals("btrfs", Filesystems.of(0xFFFFFFFF9123683EL).name());
    }

    @Test
    void syncfsIsNotTrustedOnAKernelThatHidesItsErrors() throws IOException {
        Result.Fit fit = fit(probe((call, arguments) -> {
            if (call.equals("statx")) {
                FileStat stat = (FileStat) arguments[3];
                int result = POSIX.statx((int) arguments[0], (String) arguments[1], (int) arguments[2], stat);
                stat.mountId = 0;
                return result;
            }
            return null;
        }));
        assertFalse(fit.capabilities().trustSyncfs());
    }

    @Test
    void aMountWhoseNumberMayComeAgainIsSaid() throws IOException {
        Result.Fit fit = fit(probe((call, arguments) -> {
            if (call.equals("statx")) {
                FileStat stat = (FileStat) arguments[3];
                int result = POSIX.statx((int) arguments[0], (String) arguments[1], (int) arguments[2], stat);
                stat.mountIdIsUnique = false;
                return result;
            }
            return null;
        }));
        assertFalse(fit.capabilities().mountIdIsUnique());
        assertTrue(String.join(" ", fit.sentences()).contains("as after a reboot"), fit.sentences()::toString);
    }

    @Test
    void withoutNoReplaceTheStoreIsRefused() throws IOException {
        assertRefused(
                "lacks RENAME_NOREPLACE",
                probe((call, arguments) -> call.equals("renameat2") && (int) arguments[4] == Posix.RENAME_NOREPLACE
                        ? -Errno.EINVAL
                        : null));
    }

    @Test
    void withoutExchangeALineSaysWhatIsLost() throws IOException {
        Result.Fit fit = fit(probe((call, arguments) ->
                call.equals("renameat2") && (int) arguments[4] == Posix.RENAME_EXCHANGE ? -Errno.EINVAL : null));
        assertFalse(fit.capabilities().exchange());
        String sentences = String.join(" ", fit.sentences());
        assertTrue(sentences.contains("lacks RENAME_EXCHANGE") && sentences.contains("is lost"), sentences);
    }

    @Test
    void foldedCaseIsRefused() throws IOException {
        assertRefused(
                "upper from lower case",
                probe((call, arguments) -> fold(call, arguments, s -> s.toLowerCase(Locale.ROOT))));
    }

    @Test
    void normalisedNamesAreRefused() throws IOException {
        assertRefused(
                "normalises",
                probe((call, arguments) -> fold(call, arguments, s -> Normalizer.normalize(s, Normalizer.Form.NFC))));
    }

    @Test
    void droppedDotsAreRefused() throws IOException {
        assertRefused(
                "alters file names",
                probe((call, arguments) -> call.equals("statx") && ((String) arguments[1]).endsWith("\n")
                        ? POSIX.statx(
                                (int) arguments[0], arguments[1] + ".", (int) arguments[2], (FileStat) arguments[3])
                        : null));
    }

    private static @Nullable Object fold(String call, Object[] arguments, UnaryOperator<String> folding) {
        if (!call.equals("statx") && !call.equals("openat2")) {
            return null;
        }
        String name = (String) arguments[1];
        String folded = folding.apply(name);
        if (folded.equals(name) || !folded.toLowerCase(Locale.ROOT).startsWith("probe.")) {
            return null;
        }
        return call.equals("statx")
                ? POSIX.statx((int) arguments[0], folded, (int) arguments[2], (FileStat) arguments[3])
                : POSIX.openat2(
                        (int) arguments[0], folded, (int) arguments[2], (int) arguments[3], (long) arguments[4]);
    }

    @Test
    void shortNamesAreRefused() throws IOException {
        assertRefused(
                "255 bytes",
                probe((call, arguments) ->
                        call.equals("openat2") && ((String) arguments[1]).length() > 100 ? -Errno.ENAMETOOLONG : null));
    }

    @Test
    void coarseTimesAreRefused() throws IOException {
        assertRefused(
                "to the nanosecond",
                probe((call, arguments) -> call.equals("futimens")
                        ? POSIX.futimens((int) arguments[0], (long) arguments[1] / 100 * 100)
                        : null));
    }

    @Test
    void locksThatDoNotExcludeAreRefused() throws IOException {
        assertRefused("do not exclude", probe((call, arguments) -> call.equals("ofdSetLock") ? 0 : null));
    }

    @ParameterizedTest
    @CsvSource({
        "linkat, 1, has no hard links",
        "fsync, 22, EINVAL",
        "mkdirat, 30, mounted read-only",
        "mkdirat, 13, may not write there",
        "mkdirat, 28, it is full",
        "openat2, 38, the kernel lacks openat2",
        "fstatfs, 5, EIO",
        "futimens, 5, must work fails: futimens",
        "ofdSetLock, 95, EOPNOTSUPP"
    })
    void aCallThatFailsIsASentence(String failing, int errno, String why) throws IOException {
        assertRefused(why, probe((call, arguments) -> {
            boolean opensTheRoot = Objects.equals(arguments[0], Posix.AT_FDCWD);
            return call.equals(failing) && !opensTheRoot ? (Object) (-errno) : null;
        }));
    }

    @Test
    void aPartOfTheStoreOnAnotherMountIsRefused() throws IOException {
        Files.createDirectories(dir.resolve(".linchpin/staging"));
        Result result = probe((call, arguments) -> onAnotherMount(call, arguments, ".linchpin/staging"));
        assertTrue(assertInstanceOf(Result.Refused.class, result)
                .sentence()
                .contains(".linchpin/staging is on another mount"));
    }

    @Test
    void aBucketOnAnotherMountIsNamed() throws IOException {
        Files.createDirectories(dir.resolve("elsewhere"));
        Files.createDirectories(dir.resolve("here"));
        Result.Fit fit = fit(probe((call, arguments) -> onAnotherMount(call, arguments, "elsewhere")));
        assertTrue(fit.sentences().getLast().endsWith("not writable through Linchpin: elsewhere."), fit::toString);
    }

    private static @Nullable Object onAnotherMount(String call, Object[] arguments, String path) {
        if (!call.equals("statx") || !path.equals(arguments[1])) {
            return null;
        }
        FileStat stat = (FileStat) arguments[3];
        int result = POSIX.statx((int) arguments[0], path, (int) arguments[2], stat);
        stat.mountId++;
        return result;
    }

    @Test
    void aSymlinkInPlaceOfTheHomeIsRefused() throws IOException {
        Path outside = Files.createDirectory(dir.resolve("outside"));
        Files.createSymbolicLink(dir.resolve(".linchpin"), outside);
        assertRefused("something else has the name", probe(POSIX));
    }

    @Test
    void anEmptyBootIdIsRefused() throws IOException {
        try (StoreRoot root = StoreRoot.open(POSIX, dir)) {
            assertRefused("one boot of this machine", Probe.run(root, () -> " ", this::freshId));
        }
    }
}
