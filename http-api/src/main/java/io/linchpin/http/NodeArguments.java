package io.linchpin.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.linchpin.http.cli.Arguments;
import io.linchpin.http.cli.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
     * @throws UsageException with a sentence for the person who wrote them
     */
    public static NodeArguments parse(List<String> words) throws UsageException {
        Arguments arguments = Arguments.parseRepeating(words, Set.of("root", "host", "port", "conf"), Set.of("set"));
        Config overrides = ConfigFactory.empty();
        for (String setting : arguments.texts("set")) {
            overrides = set(setting).withFallback(overrides);
        }
        Optional<Path> root = path(arguments, "root");
        if (root.isPresent()) {
            String absolute = root.get().toAbsolutePath().normalize().toString();
            overrides = overrides.withValue("linchpin.root", ConfigValueFactory.fromAnyRef(absolute));
        }
        return new NodeArguments(
                arguments.text("host", "127.0.0.1"),
                arguments.number("port", 9000, 0, 65_535),
                path(arguments, "conf"),
                overrides);
    }

    private static Config set(String setting) throws UsageException {
        try {
            return ConfigFactory.parseString(setting);
        } catch (ConfigException e) {
            throw new UsageException("--set takes PATH=VALUE, not '" + setting + "': " + e.getMessage());
        }
    }

    private static Optional<Path> path(Arguments arguments, String name) throws UsageException {
        try {
            return arguments.text(name).map(Path::of);
        } catch (InvalidPathException e) {
            throw new UsageException("--" + name + ": " + e.getMessage());
        }
    }
}
