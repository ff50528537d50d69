package io.linchpin.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals: every other call of each kind is interrupted before it has done anything, and nobody notices. */
class InterruptedCallsTest {
    /** Those that the JVM itself does not make. */
    private static final String CALLS =
            "openat2,pwrite64,fsync,fdatasync,syncfs,sync_file_range,fallocate,fchmod,fchown,"
                    + "utimensat,fstatfs,copy_file_range,linkat,renameat2,mkdirat,unlinkat";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private static boolean canTrace() throws IOException, InterruptedException {
        try {
            return new ProcessBuilder("strace", "-o", "/dev/null", "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    @Test
    void anInterruptedCallIsMadeAgain() throws Exception {
        assumeTrue(canTrace(), "strace, which Debian's package of that name has, cannot trace here");
        Path log = dir.resolve("strace");
        Path work = Files.createDirectory(dir.resolve("work"));
        List<String> strace = List.of(
                "strace",
                "-f",
                "-q",
                "-o",
                log.toString(),
                "-e",
                "trace=" + CALLS,
                "-e",
                "inject=" + CALLS + ":error=EINTR:when=1+2");
        try (ForkedJvm process = ForkedJvm.startUnder(strace, InterruptedProcess.class, work.toString())) {
            assertEquals("ok", process.read());
        }
        List<String> lines = Files.readAllLines(log);
        for (String call : CALLS.split(",", -1)) {
            long interrupted = lines.stream()
                    .filter(l -> l.contains(" " + call + "(") && l.contains("EINTR") && l.contains("(INJECTED)"))
                    .count();
            assertTrue(interrupted >= 4, () -> call + " was interrupted " + interrupted + " times");
        }
    }
}
