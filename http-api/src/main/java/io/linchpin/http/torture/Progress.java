package io.linchpin.http.torture;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/** One line that changes on a terminal; elsewhere one line every few seconds. */
final class Progress {
    private static final long PAUSE_NANOS = 5_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private long nextNanos;

    Progress(PrintStream out) {
        this.out = out;
        this.terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    void show(long nanos, long operations, Findings findings) {
        String line = String.format(
                "%4d s  %,d requests, %,d keys judged, %s",
                nanos / 1_000_000_000L,
                operations,
                findings.keys(),
                findings.badKeys() == 0 ? "no violation" : findings.badKeys() + " of them bad");
        if (terminal) {
            out.print("\r" + line + "\033[K");
            out.flush();
        } else if (nanos >= nextNanos) {
            out.println(line);
            nextNanos = nanos + PAUSE_NANOS;
        }
    }

    void end() {
        if (terminal) {
            out.print("\r\033[K");
            out.flush();
        }
    }
}
