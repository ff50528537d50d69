package io.linchpin.http.server;

import com.typesafe.config.Config;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.io.Inet;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/** The listening sockets of a node, and what stands behind each connection. */
public final class HttpServer {
    private static final Duration DRAIN_POLL = Duration.ofMillis(50);

    private final ActorSystem system;
    private final Materializer materializer;
    private final Limits limits;
    private final ServerSettings settings;
    private final Dispatcher dispatcher;
    private final Executor blocking;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean leaving;

    /** @param config has {@code pekko.http} */
    public HttpServer(ActorSystem system, Config config, Limits limits, Dispatcher.Services services) {
        this.system = system;
        this.materializer = SystemMaterializer.get(system).materializer();
        this.limits = limits;
        this.settings = ServerSettings.create(config);
        this.blocking = services.blocking();
        this.dispatcher = new Dispatcher(services, limits, materializer, new RequestIds(new SecureRandom().nextLong()));
    }

    /** A bound port. */
    public interface Bound {
        InetSocketAddress address();

        /** Stops accepting; connections that are open go on. */
        CompletionStage<Done> unbind();
    }

    /**
     * Binds a port.
     *
     * @param port 0 for any
     * @param shared whether other processes may bind the same one
     */
    public CompletionStage<Bound> bind(String host, int port, boolean shared, Dispatcher.AdminPages admin) {
        List<Inet.SocketOption> options = shared ? List.of(new ReusePort()) : List.of();
        return Tcp.get(system)
                .bind(host, port, limits.backlog(), options, true, Optional.<Duration>empty())
                .toMat(Sink.<Tcp.IncomingConnection>foreach(incoming -> accept(incoming, admin)), Keep.left())
                .run(materializer)
                .thenApply(BoundPort::new);
    }

    /** Connections that are open now. */
    public int connections() {
        return connections.get();
    }

    /** Requests that have no answer yet. */
    public int requestsInFlight() {
        return dispatcher.requestsInFlight();
    }

    /** Those of them that send an object or a part. */
    public int uploadsInFlight() {
        return dispatcher.uploadsInFlight();
    }

    /** Ends idle connections now and the others after their answers; waits for that, but no longer than given. */
    public CompletionStage<Done> drain(Duration patience) {
        leaving = true;
        dispatcher.leave();
        CompletableFuture<Done> drained = new CompletableFuture<>();
        lookAgain(drained, System.nanoTime() + patience.toNanos());
        return drained;
    }

    private void lookAgain(CompletableFuture<Done> drained, long deadlineNanos) {
        if (connections.get() == 0 || System.nanoTime() - deadlineNanos > 0) {
            drained.complete(Done.getInstance());
        } else {
            system.scheduler().scheduleOnce(DRAIN_POLL, () -> lookAgain(drained, deadlineNanos), system.dispatcher());
        }
    }

    private record BoundPort(Tcp.ServerBinding binding) implements Bound {
        @Override
        public InetSocketAddress address() {
            return binding.localAddress();
        }

        @Override
        public CompletionStage<Done> unbind() {
            return binding.unbind().thenApply(ignored -> Done.getInstance());
        }
    }

    private void accept(Tcp.IncomingConnection incoming, Dispatcher.AdminPages admin) {
        if (connections.incrementAndGet() > limits.maxConnections()) {
            connections.decrementAndGet();
            incoming.handleWith(Flow.fromSinkAndSource(Sink.cancelled(), Source.empty()), materializer);
            return;
        }
        Connection connection = new Connection(admin, connections::decrementAndGet, blocking);
        incoming.handleWith(flow(connection), materializer);
    }

    private Flow<ByteString, ByteString, ?> flow(Connection connection) {
        BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, ?> http = Http.get(system)
                .serverLayer(settings)
                .atop(BidiFlow.fromFlows(
                        Flow.<SslTlsOutbound>create(),
                        Flow.<SessionBytes>create().<SslTlsInbound>map(b -> b)))
                .atop(TLSPlacebo.getInstance())
                .atop(BidiFlow.fromGraph(new ConnectionGuard(connection, limits, () -> leaving)));
        return Flow.<HttpRequest>create()
                .mapAsync(1, request -> dispatcher.handle(connection, request))
                .join(http);
    }
}
