package io.linchpin.cluster.multipart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.linchpin.store.multipart.PartFile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What may be set of uploads: the defaults are those of the code, and nothing out of range gets in. */
class MultipartSettingsTest {
    private static Config of(String overrides) {
        return ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.parseResources("linchpin/linchpin.conf"));
    }

    @Test
    void theDefaultsAreS3s() {
        assertEquals(
                new MultipartServices.Settings(
                        5 << 20,
                        Duration.ofSeconds(10),
                        PartFile.Limits.DEFAULT,
                        Duration.ofHours(1),
                        Duration.ofHours(24),
                        Optional.empty()),
                MultipartServices.Settings.of(of("")));
    }

    @Test
    void oldUploadsExpireWhereThatIsSet() {
        assertEquals(
                Optional.of(Duration.ofDays(7)),
                MultipartServices.Settings.of(of("linchpin.multipart.expire-after = 7 days"))
                        .expireAfter());
    }

    @Test
    void aValueOutOfRangeIsRefusedByName() {
        for (String bad : List.of(
                "linchpin.multipart.min-part-size = 6 GiB",
                "linchpin.multipart.completion-deadline = 11 s",
                "linchpin.multipart.min-stride = 0",
                "linchpin.multipart.stride-unit = 0",
                "linchpin.multipart.max-base-size = 1 KiB",
                "linchpin.multipart.sweep-interval = 0 s",
                "linchpin.multipart.keep-ended = 1 s",
                "linchpin.multipart.expire-after = 1 s")) {
            ConfigException refused =
                    assertThrows(ConfigException.class, () -> MultipartServices.Settings.of(of(bad)), bad);
            assertTrue(String.valueOf(refused.getMessage()).contains(bad.substring(0, bad.indexOf(' '))), bad);
        }
    }
}
