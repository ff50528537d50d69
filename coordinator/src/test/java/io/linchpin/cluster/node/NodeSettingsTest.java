package io.linchpin.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.linchpin.cluster.bucket.BucketOwner;
import io.linchpin.store.journal.JournalSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeSettingsTest {
    @TempDir
    Path conf;

    private static NodeSettings of(String overrides) {
        return NodeSettings.load(
                Optional.empty(),
                ConfigFactory.parseString(overrides).withFallback(ConfigFactory.parseString("linchpin.root=/srv/s3")));
    }

    @Test
    void theDefaultsAreInRange() {
        NodeSettings settings = of("");
        assertEquals(Path.of("/srv/s3"), settings.root());
        assertEquals(24, settings.shards());
        assertEquals(Duration.ofSeconds(20), settings.stuckAfter());
        assertTrue(settings.tls());
        assertEquals(0, settings.port());
        assertEquals(JournalSettings.DEFAULT, settings.store().journal());
    }

    @Test
    void theConfDirectoryWinsOverTheJarAndOverridesWinOverBoth() throws Exception {
        Files.writeString(conf.resolve("linchpin.conf"), "linchpin { root = /a, shards = 128, cluster.tls = off }");
        NodeSettings settings =
                NodeSettings.load(Optional.of(conf), ConfigFactory.parseString("linchpin.shards = 256"));
        assertEquals(Path.of("/a"), settings.root());
        assertEquals(256, settings.shards());
        assertEquals(false, settings.tls());
    }

    @Test
    void aValueOutOfRangeIsRefusedByName() {
        for (String bad : new String[] {
            "linchpin.shards = 0",
            "linchpin.shards = 1025",
            "linchpin.cluster.port = 65536",
            "linchpin.cluster.stuck-after = 1 s",
            "linchpin.cluster.expected-nodes = 0",
            "linchpin.cluster.expected-nodes = 65",
            "linchpin.cluster.shard-takers = 0",
            "linchpin.sweep.after-death = 14 s",
            "linchpin.store.journal.segment-size = 8 MiB",
            "linchpin.store.journal.segment-size = 16777217",
            "linchpin.store.journal.max-segments = 1",
            "linchpin.store.checkpoint-interval = 99 ms",
            "linchpin.store.publishers = 65",
            "linchpin.store.max-pending-per-key = 0",
            "linchpin.store.max-in-flight = 0",
            "linchpin.store.max-inline-size = 1 KiB"
        }) {
            ConfigException refused = assertThrows(ConfigException.class, () -> of(bad), bad);
            assertTrue(String.valueOf(refused.getMessage()).contains(bad.substring(0, bad.indexOf(' '))), bad);
        }
        assertThrows(ConfigException.class, () -> of("linchpin.root = \"\""));
    }

    /** Each of these was paid for with an outage or a stall: see the comments in cluster.conf. */
    @Test
    void pekkosSettingsAreThoseThatTheTakeOverNeeds() {
        var config = of("").config();
        assertEquals(
                "io.linchpin.cluster.membership.KernelWitness",
                config.getString("pekko.cluster.downing-provider-class"));
        assertEquals("linchpin.shard-lease", config.getString("pekko.cluster.sharding.use-lease"));
        assertEquals("", config.getString("pekko.cluster.sharding.coordinator-singleton.use-lease"));
        assertEquals(Duration.ofMillis(100), config.getDuration("pekko.cluster.sharding.lease-retry-interval"));
        assertEquals(1, config.getInt("pekko.cluster.min-nr-of-members"));
        assertEquals(0, config.getInt("pekko.remote.artery.canonical.port"));
        assertTrue(config.getBoolean("pekko.coordinated-shutdown.exit-jvm"));
        assertEquals(
                Duration.ofMillis(100),
                config.getDuration("pekko.cluster.sharding.coordinator-singleton.hand-over-retry-interval"));
        // Pekko stops owners that have been asked to stop for so long less five seconds: a bucket's owner needs one to
        // open it.
        Duration toStop =
                config.getDuration("pekko.cluster.sharding.handoff-timeout").minusSeconds(5);
        assertTrue(toStop.compareTo(BucketOwner.DRAIN_LIMIT.plusSeconds(1)) >= 0, toStop::toString);
    }
}
