package io.linchpin.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.supervisor.UpSettings;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
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
    void upHasADefaultForEverything() throws UsageException {
        UpSettings settings = UpCommand.settings(List.of());
        assertEquals(3, settings.nodes());
        assertEquals(9000, settings.port());
        assertEquals("127.0.0.1", settings.host());
        assertTrue(settings.root().isAbsolute());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--heap=lots", "--heap=0m", "--nodes=0", "--nodes=65", "--conf=/no/such/directory"})
    void upRefusesWhatCannotBe(String option) {
        assertThrows(UsageException.class, () -> UpCommand.settings(List.of(option)));
    }
}
