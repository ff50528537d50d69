package io.linchpin.http.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.linchpin.cluster.node.Ranges;
import java.time.Duration;

/**
 * The bounds on what a client may do, as {@code linchpin.http} in {@code conf/http.conf} has them, each explained there.
 *
 * @param collectBytes bodies up to this size are collected whole before they are looked at
 * @param drainBytes how much of an unwanted body is read and thrown away to keep a connection
 */
public record Limits(
        int maxConnections,
        int backlog,
        int maxHeadBytes,
        int maxHeaders,
        long headDeadlineMillis,
        long idleTimeoutMillis,
        long bodyGraceMillis,
        long minBodyBytesPerSecond,
        long sendStallMillis,
        long lingerMillis,
        long drainBytes,
        int collectBytes) {
    private static final Duration HOUR = Duration.ofHours(1);

    /** The library ends a connection by itself after 5 s: linger-timeout in conf/http.conf. */
    private static final Duration MOST_LINGER = Duration.ofSeconds(4);

    private static final int MIB = 1 << 20;

    /**
     * Reads them from {@code linchpin}.
     *
     * @throws ConfigException where a value is missing, of the wrong kind or out of range: the message names it
     */
    public static Limits of(Config linchpin) {
        return new Limits(
                Ranges.integer(linchpin, "http.max-connections", 1, 1_000_000),
                Ranges.integer(linchpin, "http.backlog", 1, 65_535),
                bytes(linchpin, "http.max-head-size", 4096, MIB),
                Ranges.integer(linchpin, "http.max-header-lines", 16, 1024),
                millis(linchpin, "http.head-deadline", Duration.ofMillis(100), HOUR),
                millis(linchpin, "http.idle-timeout", Duration.ofMillis(100), HOUR),
                millis(linchpin, "http.body-grace", Duration.ofMillis(100), HOUR),
                bytes(linchpin, "http.min-body-rate", 0, 1024 * MIB),
                millis(linchpin, "http.send-stall", Duration.ofMillis(100), HOUR),
                millis(linchpin, "http.linger", Duration.ZERO, MOST_LINGER),
                bytes(linchpin, "http.drain-size", 0, 1024 * MIB),
                bytes(linchpin, "http.collect-size", 0, 16 * MIB));
    }

    private static int bytes(Config linchpin, String path, int least, int most) {
        return Math.toIntExact(Ranges.bytes(linchpin, path, least, most, 1));
    }

    private static long millis(Config linchpin, String path, Duration least, Duration most) {
        return Ranges.duration(linchpin, path, least, most).toMillis();
    }
}
