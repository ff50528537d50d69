package io.linchpin.http;

import com.typesafe.config.ConfigException;
import io.linchpin.cluster.api.Gateway;
import io.linchpin.cluster.node.LinchpinNode;
import io.linchpin.cluster.node.LocalStores;
import io.linchpin.cluster.node.NodeSettings;
import io.linchpin.http.admin.StatusPages;
import io.linchpin.http.credentials.RootCredentials;
import io.linchpin.http.operation.Router;
import io.linchpin.http.operation.Store;
import io.linchpin.http.server.Dispatcher;
import io.linchpin.http.server.HttpServer;
import io.linchpin.http.sigv4.CredentialStore;
import io.linchpin.http.sigv4.Credentials;
import io.linchpin.http.sigv4.SecretKey;
import io.linchpin.http.sigv4.SigV4Settings;
import io.linchpin.http.sigv4.SignatureVerifier;
import io.linchpin.http.wire.Owner;
import io.linchpin.posix.BootClock;
import io.linchpin.posix.NativePosix;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.listing.ObjectListing;
import io.linchpin.store.node.Fatal;
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.staging.Staging;
import io.linchpin.store.staging.StagingSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** One node that serves: store, cluster, ports. Ports are opened last and closed first. */
public final class NodeServer {
    private static final String LOOPBACK = "127.0.0.1";
    private static final long BIND_SECONDS = 20;

    private final LinchpinNode node;
    private final HttpServer http;
    private final HttpServer.Bound own;
    private final HttpServer.Bound shared;

    private NodeServer(LinchpinNode node, HttpServer http, HttpServer.Bound own, HttpServer.Bound shared) {
        this.node = node;
        this.http = http;
        this.own = own;
        this.shared = shared;
    }

    /**
     * Starts a node and waits, blocking, until it serves.
     *
     * @param port the public port, which other nodes may share; 0 for any
     * @throws ConfigException where a setting is out of range; nothing has been started then
     * @throws IOException where the store cannot be opened or a port not be bound
     * @throws TimeoutException where the cluster did not come together in time
     */
    public static NodeServer start(NodeSettings settings, RootCredentials root, String host, int port)
            throws Exception {
        HttpSettings http = HttpSettings.of(settings);
        ExecutorService blocking = pool("io-", http.ioThreads());
        ExecutorService small = pool("small-", http.smallThreads());
        ExecutorService copying = pool("copy-", http.copyThreads());
        ExecutorService sessions = pool("session-", http.sessionThreads());
        NodeWiring wiring = new NodeWiring(sessions);
        LinchpinNode node = LinchpinNode.start(
                settings,
                new LinchpinNode.Parts(
                        new NativePosix(),
                        new LocalStores(settings.store()),
                        wiring::behaviors,
                        wiring::reachable,
                        Fatal.halting(),
                        () -> end(List.of(blocking, small, copying, sessions))));
        try {
            Staging staging = Staging.open(node.root(), node.locks().self(), staging(http), System::nanoTime);
            Store store = store(node, wiring.gateway(), staging, http, root);
            String hostId = node.locks().self().value();
            HttpServer server = new HttpServer(
                    Adapter.toClassic(node.system()),
                    settings.config(),
                    http.limits(),
                    new Dispatcher.Services(
                            new Router(store, blocking, copying, hostId),
                            new SignatureVerifier(SigV4Settings.of(http.region(), http.contentTypeSigned())),
                            credentials(root),
                            Clock.systemUTC(),
                            blocking,
                            small,
                            hostId));
            NodeServer bound = bind(node, server, host, port);
            node.countUploadsBy(server::uploadsInFlight);
            node.onUnbind("linchpin-ports", () -> bound.closePorts(http.drainPatience()));
            return bound;
        } catch (Exception e) {
            node.leave();
            throw e;
        }
    }

    private static StagingSettings staging(HttpSettings http) {
        StagingSettings defaults = StagingSettings.DEFAULT;
        return new StagingSettings(
                defaults.inlineLimitBytes(),
                defaults.reserveBytes(),
                defaults.reserveInodes(),
                defaults.reflink(),
                http.copyFileRange());
    }

    private static ExecutorService pool(String name, int threads) {
        return Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    /** Ends threads and waits for what they are at; what they have not begun is dropped. */
    static void end(List<ExecutorService> pools) {
        pools.forEach(ExecutorService::shutdownNow);
        pools.forEach(ExecutorService::close);
    }

    private static Store store(
            LinchpinNode node, Gateway gateway, Staging staging, HttpSettings http, RootCredentials root) {
        StoreRoot at = node.root();
        // Not the access key itself: it is shown in listings.
        String id = HexFormat.of().formatHex(root.accessKey().getBytes(StandardCharsets.UTF_8));
        return new Store(
                gateway,
                new ObjectReader(at),
                new ObjectListing(at),
                new BucketStates(at),
                staging,
                Clock.systemUTC(),
                BootClock::nanos,
                NodeWiring::randomId,
                new Store.Settings(http.region(), http.maxPutBytes(), http.mutationDeadline(), new Owner(id, "root")));
    }

    private static CredentialStore credentials(RootCredentials root) {
        Credentials pair = new Credentials(root.accessKey(), SecretKey.of(root.secretKey()));
        return id -> id.equals(pair.accessKeyId()) ? Optional.of(pair) : Optional.empty();
    }

    private static NodeServer bind(LinchpinNode node, HttpServer http, String host, int port) throws Exception {
        HttpServer.Bound own = bound(
                http,
                LOOPBACK,
                0,
                false,
                new StatusPages(node.view(), http::connections, http::requestsInFlight, true));
        node.bound(own.address().getPort());
        HttpServer.Bound shared = bound(
                http, host, port, true, new StatusPages(node.view(), http::connections, http::requestsInFlight, false));
        return new NodeServer(node, http, own, shared);
    }

    private static HttpServer.Bound bound(
            HttpServer http, String host, int port, boolean shared, Dispatcher.AdminPages pages) throws Exception {
        try {
            return http.bind(host, port, shared, pages).toCompletableFuture().get(BIND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("cannot bind " + host + ":" + port + ": " + e.getCause(), e);
        }
    }

    private CompletableFuture<Done> closePorts(Duration patience) {
        return shared.unbind()
                .thenCombine(own.unbind(), (a, b) -> a)
                .thenCompose(done -> http.drain(patience))
                .toCompletableFuture();
    }

    /** The public port. */
    public int publicPort() {
        return shared.address().getPort();
    }

    /** The node's own loopback port. */
    public int ownPort() {
        return own.address().getPort();
    }

    /** Leaves: ports first, then shards, then the cluster. */
    public void leave() {
        try {
            node.leave().toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }

    /** Waits until the node is gone. */
    public void awaitEnd() throws InterruptedException {
        try {
            node.system().getWhenTerminated().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
