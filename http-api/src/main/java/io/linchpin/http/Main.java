package io.linchpin.http;

import com.typesafe.config.ConfigException;
import io.linchpin.cluster.node.NodeSettings;
import io.linchpin.http.cli.ExitCode;
import io.linchpin.http.cli.UsageException;
import io.linchpin.http.credentials.RootCredentials;
import io.linchpin.http.credentials.UnusableKeysException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one node in the foreground. Ends with 0 after SIGTERM, otherwise as {@link ExitCode} has it. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** {@code node} and its options: see {@link NodeArguments}. */
    public static void main(String[] arguments) throws Exception {
        List<String> words = Arrays.asList(arguments);
        if (words.isEmpty() || !words.getFirst().equals("node")) {
            end(ExitCode.USAGE, NodeArguments.USAGE);
        }
        try {
            run(NodeArguments.parse(words.subList(1, words.size())));
        } catch (UsageException e) {
            end(ExitCode.USAGE, e.getMessage() + " " + NodeArguments.USAGE);
        }
    }

    private static void run(NodeArguments node) throws Exception {
        try {
            NodeSettings settings = NodeSettings.load(node.conf(), node.overrides());
            if (!Files.isDirectory(settings.root())) {
                end(
                        ExitCode.REFUSED,
                        settings.root() + " is not a directory: make it, for the user that Linchpin runs as.");
            }
            RootCredentials.Ensured root = RootCredentials.ensure(settings.root(), System.getenv());
            if (root.created()) {
                LOG.info("made the root account's keys: {}", RootCredentials.file(settings.root()));
            }
            NodeServer server = NodeServer.start(settings, root.credentials(), node.host(), node.port());
            LOG.info("serving S3 on http://{}:{}", node.host(), server.publicPort());
            server.awaitEnd();
        } catch (UnusableKeysException | ConfigException e) {
            end(ExitCode.REFUSED, String.valueOf(e.getMessage()));
        } catch (IOException | TimeoutException e) {
            LOG.error("cannot start", e);
            end(ExitCode.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    private static void end(int status, String sentence) {
        System.err.println("linchpin: " + sentence);
        System.exit(status);
    }
}
