package io.linchpin.cluster.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.value.Stamp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an operator may set of a node, parsed and checked once. Names, units, ranges and defaults are described in {@code
 * conf/linchpin.conf} and {@code conf/store.conf}.
 *
 * @param config all of it, Pekko's part included
 */
public record NodeSettings(
        Path root,
        int shards,
        String host,
        int port,
        boolean tls,
        Duration stuckAfter,
        Duration startPatience,
        int expectedNodes,
        int shardTakers,
        Duration sweepInterval,
        Duration sweepAfterDeath,
        StoreSettings store,
        Config config) {
    /** The files of the conf directory; each also lies in a jar, with the defaults. */
    private static final List<String> FILES = List.of("linchpin.conf", "store.conf", "cluster.conf", "http.conf");

    /**
     * Reads the settings: system properties over the conf directory's files over the jar's.
     *
     * @param confDirectory empty for the defaults alone; a file that is missing there is left out
     * @throws ConfigException where a value is missing, of the wrong kind or out of range: the message names it
     */
    public static NodeSettings load(Optional<Path> confDirectory) {
        return load(confDirectory, ConfigFactory.empty());
    }

    /** As {@link #load(Optional)}, with values that win over all files. */
    public static NodeSettings load(Optional<Path> confDirectory, Config overrides) {
        Config files = overrides;
        for (String name : FILES) {
            Optional<Path> file = confDirectory.map(dir -> dir.resolve(name)).filter(Files::exists);
            if (file.isPresent()) {
                files = files.withFallback(ConfigFactory.parseFile(file.get().toFile()));
            }
        }
        for (String name : FILES) {
            files = files.withFallback(ConfigFactory.parseResources("linchpin/" + name));
        }
        return parse(ConfigFactory.load(files));
    }

    static NodeSettings parse(Config config) {
        Config linchpin = config.getConfig("linchpin");
        String root = linchpin.getString("root");
        if (root.isEmpty()) {
            throw new ConfigException.BadValue(linchpin.origin(), "linchpin.root", "say where the buckets are");
        }
        return new NodeSettings(
                Path.of(root),
                Ranges.integer(linchpin, "shards", StoreFormat.MIN_SHARDS, StoreFormat.MAX_SHARDS),
                linchpin.getString("cluster.host"),
                Ranges.integer(linchpin, "cluster.port", 0, 65_535),
                linchpin.getBoolean("cluster.tls"),
                Ranges.duration(linchpin, "cluster.stuck-after", Duration.ofSeconds(2), Duration.ofMinutes(10)),
                Ranges.duration(linchpin, "cluster.start-patience", Duration.ofSeconds(5), Duration.ofHours(1)),
                Ranges.integer(linchpin, "cluster.expected-nodes", 1, Stamp.SLOTS),
                Ranges.integer(linchpin, "cluster.shard-takers", 1, 64),
                Ranges.duration(linchpin, "sweep.interval", Duration.ofSeconds(1), Duration.ofHours(1)),
                Ranges.duration(linchpin, "sweep.after-death", Duration.ofSeconds(15), Duration.ofDays(1)),
                StoreSettings.of(linchpin),
                config);
    }
}
