package io.linchpin.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.linchpin.cluster.node.NodeSettings;
import io.linchpin.http.credentials.RootCredentials;
import io.linchpin.store.layout.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSettingsTest {
    @TempDir
    Path root;

    private NodeSettings node(String overrides) {
        return NodeSettings.load(
                Optional.empty(),
                ConfigFactory.parseString(overrides)
                        .withFallback(ConfigFactory.parseString("linchpin.root = \"" + root + "\"")));
    }

    @Test
    void theDefaultsAreInRange() {
        HttpSettings settings = HttpSettings.of(node(""));
        assertEquals("us-east-1", settings.region());
        assertEquals(5L << 30, settings.maxPutBytes());
        assertEquals(Duration.ofSeconds(10), settings.mutationDeadline());
        assertEquals(1024, settings.limits().maxConnections());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "linchpin.http.io-threads = 0",
                "linchpin.http.small-threads = 0",
                "linchpin.http.copy-threads = 257",
                "linchpin.http.session-threads = 0",
                "linchpin.http.max-put-size = 0",
                "linchpin.http.drain-patience = 26 s",
                "linchpin.http.mutation-deadline = 999 ms",
                "linchpin.http.max-connections = 0",
                "linchpin.http.backlog = 0",
                "linchpin.http.max-head-size = 4 GiB",
                "linchpin.http.max-header-lines = 1",
                "linchpin.http.head-deadline = 0 s",
                "linchpin.http.idle-timeout = 2 h",
                "linchpin.http.body-grace = 0 s",
                "linchpin.http.min-body-rate = 2 GiB",
                "linchpin.http.send-stall = 0 s",
                "linchpin.http.linger = 5 s",
                "linchpin.http.drain-size = 2 GiB",
                "linchpin.http.collect-size = 17 MiB"
            })
    void aValueOutOfRangeIsRefusedByName(String bad) {
        String sentence = refusal(bad);
        assertTrue(sentence.contains(bad.substring(0, bad.indexOf(' '))), sentence);
        assertTrue(sentence.contains(" is out of range: "), sentence);
    }

    private String refusal(String bad) {
        NodeSettings settings = node(bad);
        ConfigException refused = assertThrows(ConfigException.class, () -> HttpSettings.of(settings), bad);
        return String.valueOf(refused.getMessage());
    }

    @Test
    void aRegionThatNoSignatureCanNameIsRefused() {
        assertTrue(refusal("linchpin.http.region = \"a/b\"").contains("linchpin.http.region"));
        assertTrue(refusal("linchpin.http.region = \"\"").contains("linchpin.http.region"));
    }

    @Test
    void noMutationIsJudgedAfterItsStagingIsSwept() {
        String sentence = refusal("linchpin { http.mutation-deadline = 20 s, sweep.after-death = 20 s }");
        assertTrue(sentence.contains("linchpin.http.mutation-deadline"), sentence);
        assertTrue(sentence.contains("linchpin.sweep.after-death"), sentence);
        HttpSettings longer =
                HttpSettings.of(node("linchpin { http.mutation-deadline = 20 s, sweep.after-death = 21 s }"));
        assertEquals(Duration.ofSeconds(20), longer.mutationDeadline());
    }

    @Test
    void aNodeDoesNotJoinBeforeAllIsChecked() {
        RootCredentials account = new RootCredentials("access", "secret-key");
        NodeSettings settings = node("linchpin.http.max-head-size = 1");
        assertThrows(ConfigException.class, () -> NodeServer.start(settings, account, "127.0.0.1", 0));
        assertFalse(Files.exists(root.resolve(Names.HOME)));
    }
}
