package io.linchpin.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.linchpin.http.cli.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeArgumentsTest {
    private static NodeArguments parse(String line) throws UsageException {
        return NodeArguments.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    }

    @Test
    void valuesComeAfterABlankOrAnEqualsSign() throws UsageException {
        NodeArguments spaced = parse("--root /a --host ::1 --port 0 --conf /c");
        assertEquals(spaced, parse("--root=/a --host=::1 --port=0 --conf=/c"));
        assertEquals("/a", spaced.overrides().getString("linchpin.root"));
        assertEquals("::1", spaced.host());
        assertEquals(0, spaced.port());
        assertEquals(Optional.of(Path.of("/c")), spaced.conf());
    }

    @Test
    void settingsMayBeManyAndTheLastOfOneCounts() throws UsageException {
        NodeArguments arguments =
                parse("--root /a --set linchpin.shards=3 --set=linchpin.http.region=here --set linchpin.shards=4");
        assertEquals(4, arguments.overrides().getInt("linchpin.shards"));
        assertEquals("here", arguments.overrides().getString("linchpin.http.region"));
        assertEquals("/a", arguments.overrides().getString("linchpin.root"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/a", "--root", "--port 65536", "--port x", "--ports 1", "--set a={", "--root /a --root /b"})
    void whatIsNotUnderstoodIsRefused(String line) {
        assertThrows(UsageException.class, () -> parse(line));
    }
}
