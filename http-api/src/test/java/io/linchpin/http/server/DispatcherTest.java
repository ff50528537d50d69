package io.linchpin.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import io.linchpin.http.operation.S3Response;
import io.linchpin.http.sigv4.SigV4Settings;
import io.linchpin.http.sigv4.SignatureVerifier;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import java.io.File;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private final ActorSystem system = ActorSystem.create("test");
    private final Queue<Runnable> blocking = new ArrayDeque<>();
    private final Queue<Runnable> small = new ArrayDeque<>();
    private final Connection connection = new Connection((method, path) -> S3Response.of(200), () -> {}, blocking::add);
    private final Dispatcher dispatcher = new Dispatcher(
            new Dispatcher.Services(
                    view -> exchange -> CompletableFuture.completedFuture(S3Response.of(200)),
                    new SignatureVerifier(SigV4Settings.of("us-east-1")),
                    id -> Optional.empty(),
                    Clock.systemUTC(),
                    blocking::add,
                    small::add,
                    "test"),
            Limits.of(ConfigFactory.parseFile(new File("../conf/http.conf")).getConfig("linchpin")),
            SystemMaterializer.get(system).materializer(),
            new RequestIds(1));

    @AfterEach
    void end() {
        system.terminate();
    }

    private void comes(String method, String target, RequestHead.Framing framing) {
        RequestView view = new RequestView(method, RequestTarget.parse(target).orElseThrow(), Headers.of("host", "h"));
        connection.offer(new RequestHead.Accepted(view, framing, false, false));
        HttpRequest request = HttpRequest.create(target);
        boolean whole = framing instanceof RequestHead.Framing.Length;
        dispatcher.handle(
                connection,
                whole
                        ? request
                        : request.withEntity(
                                HttpEntities.createChunked(ContentTypes.APPLICATION_OCTET_STREAM, Source.empty())));
    }

    @Test
    void onlyBodiesForKeysAreUploadsInFlight() {
        RequestHead.Framing empty = new RequestHead.Framing.Length(0);
        RequestHead.Framing three = new RequestHead.Framing.Length(3);
        comes("GET", "/b/k", empty);
        comes("GET", "/-/status", empty);
        comes("PUT", "/-/status", three);
        comes("POST", "/b?delete", three);
        comes("PUT", "/b/", three);
        comes("PUT", "/b/copy", empty);
        assertEquals(0, dispatcher.uploadsInFlight());
        assertEquals(6, dispatcher.requestsInFlight());

        comes("PUT", "/b/k", three);
        comes("PUT", "/b/k?partNumber=1&uploadId=x", new RequestHead.Framing.Chunked());
        comes("POST", "/b/k?uploadId=x", three);
        assertEquals(3, dispatcher.uploadsInFlight());
        assertEquals(9, dispatcher.requestsInFlight());

        blocking.forEach(Runnable::run);
        small.forEach(Runnable::run);
        assertEquals(0, dispatcher.uploadsInFlight());
        assertEquals(0, dispatcher.requestsInFlight());
    }

    /** What has to wait for its body, or only reads, is not to keep them from their threads. */
    @Test
    void uploadsWhoseBodyIsThereHaveThreadsOfTheirOwn() {
        comes("GET", "/b/k", new RequestHead.Framing.Length(0));
        comes("PUT", "/b/k", new RequestHead.Framing.Chunked());
        assertEquals(2, blocking.size());
        comes("PUT", "/b/k", new RequestHead.Framing.Length(3));
        assertEquals(2, blocking.size());
        assertEquals(1, small.size());
    }
}
