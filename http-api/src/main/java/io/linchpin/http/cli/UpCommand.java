package io.linchpin.http.cli;

import io.linchpin.http.supervisor.Announcer;
import io.linchpin.http.supervisor.RefusedException;
import io.linchpin.http.supervisor.Region;
import io.linchpin.http.supervisor.Supervisor;
import io.linchpin.http.supervisor.UpSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code linchpin up}: a cluster on this machine, in the foreground. */
final class UpCommand {
    private static final Pattern HEAP = Pattern.compile("[1-9][0-9]*[kKmMgG]");
    private static final Set<String> OPTIONS =
            Set.of("nodes", "root", "port", "host", "heap", "conf", "kill-stuck-after");

    private UpCommand() {}

    static int run(List<String> options, PrintStream out, Map<String, String> environment)
            throws UsageException, IOException, RefusedException, InterruptedException {
        Supervisor.run(settings(options), new Announcer(out, Cli.versionText()), environment);
        return ExitCode.OK;
    }

    /** What bin/linchpin has trained for this build. */
    private static Optional<Path> startCache() {
        return Optional.ofNullable(System.getProperty("linchpin.node-cache"))
                .map(Path::of)
                .filter(Files::isRegularFile);
    }

    static UpSettings settings(List<String> options) throws UsageException, RefusedException {
        Arguments arguments = Arguments.parse(options, OPTIONS, Set.of());
        String heap = arguments.text("heap", "512m");
        if (!HEAP.matcher(heap).matches()) {
            throw new UsageException("--heap takes a size such as 512m or 2g, not " + heap + ".");
        }
        Optional<Path> conf = arguments.text("conf").map(text -> Path.of(text).toAbsolutePath());
        if (conf.isPresent() && !Files.isDirectory(conf.get())) {
            throw new UsageException("--conf takes a directory; there is none at " + conf.get() + ".");
        }
        return new UpSettings(
                Cli.root(arguments),
                arguments.text("host", "127.0.0.1"),
                arguments.number("port", 9000, 1, 65_535),
                arguments.number("nodes", 3, 1, UpSettings.MAX_NODES),
                heap,
                conf,
                Region.of(conf),
                arguments.number("kill-stuck-after", 0, 0, 86_400),
                startCache(),
                UpSettings.NODE_CLASS);
    }
}
