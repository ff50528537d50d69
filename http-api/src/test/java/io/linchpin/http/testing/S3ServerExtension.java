package io.linchpin.http.testing;

import com.typesafe.config.ConfigFactory;
import io.linchpin.cluster.node.NodeSettings;
import io.linchpin.http.NodeServer;
import io.linchpin.http.credentials.RootCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the node when a test first asks for it, and stops it after the last class that this JVM runs. */
final class S3ServerExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(S3ServerExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == S3.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Booted booted = context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, SPACE)
                .computeIfAbsent("node", key -> Booted.boot(), Booted.class);
        return new S3(booted.server.publicPort(), booted.root);
    }

    private record Booted(NodeServer server, Path root) implements AutoCloseable {
        private static Booted boot() {
            try {
                Path root = Files.createTempDirectory("linchpin-it");
                NodeSettings settings = NodeSettings.load(
                        Optional.empty(),
                        ConfigFactory.parseMap(Map.of(
                                "linchpin.root",
                                root.toString(),
                                "linchpin.shards",
                                4,
                                "pekko.coordinated-shutdown.exit-jvm",
                                "off")));
                RootCredentials account = new RootCredentials(Signer.ACCESS_KEY, Signer.SECRET_KEY);
                return new Booted(NodeServer.start(settings, account, "127.0.0.1", 0), root);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            server.leave();
            try (Stream<Path> files = Files.walk(root)) {
                List<Path> deepestFirst =
                        files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
