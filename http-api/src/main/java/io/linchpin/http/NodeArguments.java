package io.linchpin.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands on a node's command line: {@code node --root DIR [--host ADDRESS] [--port N] [--conf DIR] [--set
 * PATH=VALUE]…}. Never a secret.
 *
 * @param port the public port; 0 for any
 * @param overrides values that win over all files
 */
public record NodeArguments(String host, int port, Optional<Path> conf, Config overrides) {
    static final String USAGE = "usage: node --root DIR [--host ADDRESS] [--port N] [--conf DIR] [--set PATH=VALUE]...";

    /**
     * Reads the arguments after {@code node}.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote them
     */
    public static NodeArguments parse(List<String> arguments) {
        String host = "127.0.0.1";
        int port = 9000;
        Path conf = null;
        Config overrides = ConfigFactory.empty();
        for (int i = 0; i < arguments.size(); i += 2) {
            String option = arguments.get(i);
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
            switch (option) {
                case "--root" ->
                    overrides = overrides.withValue(
                            "linchpin.root",
                            ConfigValueFactory.fromAnyRef(Path.of(given(option, value))
                                    .toAbsolutePath()
                                    .normalize()
                                    .toString()));
                case "--host" -> host = given(option, value);
                case "--port" -> port = port(given(option, value));
                case "--conf" -> conf = Path.of(given(option, value));
                case "--set" ->
                    overrides = ConfigFactory.parseString(given(option, value)).withFallback(overrides);
                default -> throw new IllegalArgumentException("There is no option '" + option + "'. " + USAGE);
            }
        }
        return new NodeArguments(host, port, Optional.ofNullable(conf), overrides);
    }

    private static String given(String option, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException(option + " needs a value. " + USAGE);
        }
        return value;
    }

    private static int port(String text) {
        int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port is a number from 0 to 65535, not '" + text + "'");
        }
        return port;
    }
}
