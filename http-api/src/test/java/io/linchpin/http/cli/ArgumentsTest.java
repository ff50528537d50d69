package io.linchpin.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.supervisor.RefusedException;
import io.linchpin.http.supervisor.UpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static Arguments parse(String line) throws UsageException {
        List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" "));
        return Arguments.parse(arguments, Set.of("root", "port"), Set.of("json"));
    }

    @Test
    void valuesComeAfterABlankOrAnEqualsSign() throws UsageException {
        Arguments arguments = parse("--root /a --port=17 --json");
        assertEquals("/a", arguments.text("root", ""));
        assertEquals(17, arguments.number("port", 9000, 1, 65_535));
        assertTrue(arguments.has("json"));
        assertFalse(parse("").has("json"));
        assertEquals(9000, parse("").number("port", 9000, 1, 65_535));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root",
                "--unknown 1",
                "--root",
                "--json=yes",
                "--root /a --root /b",
                "--port 0",
                "--port 65536",
                "--port x",
                "--port="
            })
    void whatIsNotUnderstoodIsRefused(String line) {
        assertThrows(UsageException.class, () -> parse(line).number("port", 9000, 1, 65_535));
    }

    @Test
    void upHasADefaultForEverything() throws UsageException, RefusedException {
        UpSettings settings = UpCommand.settings(List.of());
        assertEquals(3, settings.nodes());
        assertEquals(9000, settings.port());
        assertEquals("127.0.0.1", settings.host());
        assertEquals("us-east-1", settings.region());
        assertTrue(settings.root().isAbsolute());
    }

    @Test
    void upKnowsTheRegionThatItsNodesRead(@TempDir Path conf) throws UsageException, RefusedException, IOException {
        List<String> options = List.of("--conf", conf.toString());
        assertEquals("us-east-1", UpCommand.settings(options).region());
        Files.writeString(conf.resolve("http.conf"), "linchpin.http.region = eu-north-1");
        assertEquals("eu-north-1", UpCommand.settings(options).region());
        Files.writeString(conf.resolve("http.conf"), "linchpin.http.region = {");
        assertThrows(RefusedException.class, () -> UpCommand.settings(options));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--heap=lots", "--heap=0m", "--nodes=0", "--nodes=65", "--conf=/no/such/directory"})
    void upRefusesWhatCannotBe(String option) {
        assertThrows(UsageException.class, () -> UpCommand.settings(List.of(option)));
    }
}
