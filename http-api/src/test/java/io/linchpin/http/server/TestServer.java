package io.linchpin.http.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.linchpin.http.operation.Operation;
import io.linchpin.http.operation.S3Response;
import io.linchpin.http.sigv4.Credentials;
import io.linchpin.http.sigv4.SecretKey;
import io.linchpin.http.sigv4.SigV4Settings;
import io.linchpin.http.sigv4.SignatureVerifier;
import io.linchpin.http.testing.Signer;
import java.io.File;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;

/** The server alone, one operation behind it. */
final class TestServer implements AutoCloseable {
    private static final Dispatcher.AdminPages PAGES = (method, path) -> S3Response.of(200);

    private final ActorSystem system;
    private final ExecutorService blocking = Executors.newFixedThreadPool(4);
    private final HttpServer server;
    private final HttpServer.Bound bound;

    /** @param overrides lines of configuration */
    TestServer(Operation operation, String overrides) throws Exception {
        Config config = ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.parseFile(new File("../conf/http.conf")))
                .withFallback(ConfigFactory.load())
                .resolve();
        system = ActorSystem.create("test", config);
        Credentials account = new Credentials(Signer.ACCESS_KEY, SecretKey.of(Signer.SECRET_KEY));
        server = new HttpServer(
                system,
                config,
                Limits.of(config.getConfig("linchpin")),
                new Dispatcher.Services(
                        view -> operation,
                        new SignatureVerifier(SigV4Settings.of("us-east-1")),
                        id -> id.equals(Signer.ACCESS_KEY) ? Optional.of(account) : Optional.empty(),
                        Clock.systemUTC(),
                        blocking,
                        blocking,
                        "test"));
        bound = server.bind("127.0.0.1", 0, false, PAGES).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    int port() {
        return bound.address().getPort();
    }

    String host() {
        return "127.0.0.1:" + port();
    }

    HttpServer.Bound bindAgain(int port, boolean shared) throws Exception {
        return server.bind("127.0.0.1", port, shared, PAGES)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        blocking.shutdown();
    }
}
