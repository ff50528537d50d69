package io.linchpin.http;

import com.typesafe.config.ConfigException;
import io.linchpin.cluster.node.NodeSettings;
import io.linchpin.http.credentials.RootCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one node in the foreground. Ends with 0 after SIGTERM, 2 for a wrong command line, 1 where it cannot start. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final int USAGE = 2;
    private static final int CANNOT_START = 1;

    private Main() {}

    /** {@code node} and its options: see {@link NodeArguments}. */
    public static void main(String[] arguments) throws Exception {
        List<String> words = Arrays.asList(arguments);
        if (words.isEmpty() || !words.getFirst().equals("node")) {
            end(USAGE, NodeArguments.USAGE);
        }
        try {
            NodeArguments node = NodeArguments.parse(words.subList(1, words.size()));
            NodeSettings settings = NodeSettings.load(node.conf(), node.overrides());
            if (!Files.isDirectory(settings.root())) {
                end(
                        CANNOT_START,
                        settings.root() + " is not a directory: make it, for the user that Linchpin runs as.");
            }
            RootCredentials.Ensured root = RootCredentials.ensure(settings.root(), System.getenv());
            if (root.created()) {
                LOG.info("made the root account's keys: {}", RootCredentials.file(settings.root()));
            }
            NodeServer server = NodeServer.start(settings, root.credentials(), node.host(), node.port());
            LOG.info("serving S3 on http://{}:{}", node.host(), server.publicPort());
            server.awaitEnd();
        } catch (IllegalArgumentException | ConfigException e) {
            end(USAGE, String.valueOf(e.getMessage()));
        } catch (IOException | TimeoutException e) {
            LOG.error("cannot start", e);
            end(CANNOT_START, String.valueOf(e.getMessage()));
        }
    }

    private static void end(int status, String sentence) {
        System.err.println("linchpin: " + sentence);
        System.exit(status);
    }
}
