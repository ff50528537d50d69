package io.linchpin.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.linchpin.cluster.node.NodeSettings;
import io.linchpin.cluster.node.Ranges;
import io.linchpin.http.server.Limits;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What an operator may set of the HTTP side, parsed and checked once, before the node joins. Names, units, ranges and defaults
 * are described in {@code conf/http.conf}.
 */
record HttpSettings(
        String region,
        boolean contentTypeSigned,
        long maxPutBytes,
        int ioThreads,
        int smallThreads,
        int copyThreads,
        int sessionThreads,
        boolean copyFileRange,
        Duration mutationDeadline,
        Duration drainPatience,
        Limits limits) {
    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final String MUTATION_DEADLINE = "http.mutation-deadline";
    private static final long MOST_PUT_BYTES = 5L << 40;
    private static final int MOST_THREADS = 256;

    /** The phase of the shutdown in which requests are waited for: conf/cluster.conf. */
    private static final Duration MOST_DRAIN_PATIENCE = Duration.ofSeconds(25);

    /** @throws ConfigException where a value is missing, of the wrong kind or out of range: the message names it */
    static HttpSettings of(NodeSettings node) {
        Config linchpin = node.config().getConfig("linchpin");
        return new HttpSettings(
                region(linchpin),
                linchpin.getBoolean("http.content-type-signed"),
                Ranges.bytes(linchpin, "http.max-put-size", 1, MOST_PUT_BYTES, 1),
                Ranges.integer(linchpin, "http.io-threads", 1, MOST_THREADS),
                Ranges.integer(linchpin, "http.small-threads", 1, MOST_THREADS),
                Ranges.integer(linchpin, "http.copy-threads", 1, MOST_THREADS),
                Ranges.integer(linchpin, "http.session-threads", 1, MOST_THREADS),
                linchpin.getBoolean("http.copy-file-range"),
                mutationDeadline(linchpin, node.sweepAfterDeath()),
                Ranges.duration(linchpin, "http.drain-patience", Duration.ZERO, MOST_DRAIN_PATIENCE),
                Limits.of(linchpin));
    }

    private static String region(Config linchpin) {
        String region = linchpin.getString("http.region");
        if (!REGION.matcher(region).matches()) {
            throw Ranges.refused(
                    linchpin, "http.region", "'" + region + "' is not of 1 to 64 letters, digits, - and _");
        }
        return region;
    }

    /** What a dead node staged is swept after a while; by then no mutation that means it may still be judged. */
    private static Duration mutationDeadline(Config linchpin, Duration afterDeath) {
        Duration deadline = Ranges.duration(linchpin, MUTATION_DEADLINE, Duration.ofSeconds(1), Duration.ofHours(1));
        if (deadline.compareTo(afterDeath) >= 0) {
            throw Ranges.refused(
                    linchpin,
                    MUTATION_DEADLINE,
                    deadline + " is not shorter than linchpin.sweep.after-death, which is " + afterDeath);
        }
        return deadline;
    }
}
