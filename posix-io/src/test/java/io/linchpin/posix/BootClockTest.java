package io.linchpin.posix;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BootClockTest {
    @Test
    void itIsTheMachinesUptime() throws Exception {
        long before = BootClock.nanos();
        // Seconds since boot, in hundredths, suspended time counted.
        double uptime =
                Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0]);
        long after = BootClock.nanos();
        assertTrue(before <= after);
        assertTrue(before / 1e9 - 0.02 <= uptime && uptime <= after / 1e9 + 0.02, before + " " + uptime + " " + after);
    }
}
