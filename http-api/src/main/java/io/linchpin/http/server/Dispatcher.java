package io.linchpin.http.server;

import io.linchpin.http.body.AwsChunkedFormat;
import io.linchpin.http.body.BodyDigests;
import io.linchpin.http.operation.Exchange;
import io.linchpin.http.operation.Failures;
import io.linchpin.http.operation.NotBuilt;
import io.linchpin.http.operation.Operation;
import io.linchpin.http.operation.OutcomeUnknownException;
import io.linchpin.http.operation.S3Response;
import io.linchpin.http.sigv4.Authentication;
import io.linchpin.http.sigv4.CredentialStore;
import io.linchpin.http.sigv4.PayloadMode;
import io.linchpin.http.sigv4.SignatureVerifier;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.posix.PosixException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a request to its answer: who sent it, which operation it is, what came of it. One hop to a blocking executor, in
 * which a small request is worked off to the end but for its commit.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /**
     * What requests are answered with.
     *
     * @param route finds the operation of a request, or throws the S3Exception that there is none
     * @param blocking where file I/O is done
     * @param small where uploads are worked off whose whole body is there
     * @param hostId names this node in every answer
     */
    public record Services(
            Function<RequestView, Operation> route,
            SignatureVerifier verifier,
            CredentialStore credentials,
            Clock clock,
            Executor blocking,
            Executor small,
            String hostId) {}

    /** Answers requests below {@code /-/}. */
    @FunctionalInterface
    public interface AdminPages {
        /** Answers a request for a path that begins with {@code /-/}. */
        S3Response answer(String method, String path);
    }

    private static final String ADMIN = "/-/";
    private static final RequestHead.Framing NO_BODY = new RequestHead.Framing.Length(0);

    private final Services services;
    private final Limits limits;
    private final Materializer materializer;
    private final ResponseRenderer renderer;
    private final RequestIds ids;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger uploads = new AtomicInteger();
    private volatile boolean leaving;

    Dispatcher(Services services, Limits limits, Materializer materializer, RequestIds ids) {
        this.services = services;
        this.limits = limits;
        this.materializer = materializer;
        this.renderer = new ResponseRenderer(services.blocking(), services.hostId());
        this.ids = ids;
    }

    /** Answers the next request of a connection. Where there must be no answer the stage never ends;
     * the connection is broken then. */
    CompletionStage<HttpResponse> handle(Connection connection, HttpRequest request) {
        String id = ids.next();
        return switch (connection.nextHead()) {
            case RequestHead.Refused(S3Failure failure) ->
                CompletableFuture.completedFuture(renderer.render(error(failure, "/", id, true), id, true));
            case RequestHead.Accepted head -> {
                boolean upload = isUpload(head);
                Executor executor = upload && request.entity().isStrict() ? services.small() : services.blocking();
                begun(upload);
                yield CompletableFuture.supplyAsync(() -> begin(connection, head, upload, request, id), executor)
                        .thenCompose(Function.identity())
                        .whenComplete((response, failure) -> ended(upload));
            }
        };
    }

    /** Requests that have no answer yet. */
    int requestsInFlight() {
        return inFlight.get();
    }

    /** Those of them that send an object or a part. */
    int uploadsInFlight() {
        return uploads.get();
    }

    private void begun(boolean upload) {
        inFlight.incrementAndGet();
        if (upload) {
            uploads.incrementAndGet();
        }
    }

    private void ended(boolean upload) {
        inFlight.decrementAndGet();
        if (upload) {
            uploads.decrementAndGet();
        }
    }

    /** Whether a body comes that is for a key: the XML of DeleteObjects, say, is for a bucket. */
    private static boolean isUpload(RequestHead.Accepted head) {
        String method = head.view().method();
        String path = head.view().target().path();
        int key = path.indexOf('/', 1) + 1;
        return (method.equals("PUT") || method.equals("POST"))
                && !path.startsWith(ADMIN)
                && key > 0
                && key < path.length()
                && !head.framing().equals(NO_BODY);
    }

    /** From now on every answer ends its connection. */
    void leave() {
        leaving = true;
    }

    private HttpResponse render(S3Response response, String id, RequestHead.Accepted head) {
        return renderer.render(response, id, head.close() || leaving);
    }

    private CompletionStage<HttpResponse> begin(
            Connection connection, RequestHead.Accepted head, boolean upload, HttpRequest request, String id) {
        RequestView view = head.view();
        if (view.target().path().startsWith(ADMIN)) {
            S3Response page = admin(connection, view);
            return CompletableFuture.completedFuture(render(page, id, head));
        }
        Work work = new Work(connection, head, upload, request, id);
        CompletionStage<S3Response> answer;
        try {
            answer = work.run();
        } catch (IOException | RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.handle((response, failure) -> work.answered(response, failure))
                .thenCompose(Function.identity());
    }

    private static S3Response admin(Connection connection, RequestView view) {
        try {
            return connection.admin().answer(view.method(), view.target().path());
        } catch (S3Exception e) {
            return S3Response.of(e.failure().code().status());
        }
    }

    /** One request under way. */
    private final class Work implements Exchange.Holds {
        private final Connection connection;
        private final RequestHead.Accepted head;
        private final boolean upload;
        private final HttpRequest request;
        private final String id;
        private @Nullable HttpBody body;

        private Work(Connection connection, RequestHead.Accepted head, boolean upload, HttpRequest request, String id) {
            this.connection = connection;
            this.head = head;
            this.upload = upload;
            this.request = request;
            this.id = id;
        }

        private CompletionStage<S3Response> run() throws IOException {
            Authentication sender = services.verifier()
                    .verify(
                            head.view(),
                            services.credentials(),
                            services.clock().instant());
            Authentication.Verified verified = switch (sender) {
                case Authentication.Verified v -> v;
                case Authentication.Anonymous a ->
                    throw NotBuilt.isForm(head.view()) ? NotBuilt.form() : new S3Exception(ErrorCode.AccessDenied);
                case Authentication.Refused(S3Failure failure) -> throw failure.exception();
            };
            checkHashOfNoBody(verified.payload());
            RequestView seen = verified.request();
            HttpBody requestBody = new HttpBody(
                    request.entity(),
                    head.seenAs(seen),
                    verified.payload(),
                    AwsChunkedFormat.of(verified, seen.headers()),
                    materializer,
                    services.blocking(),
                    limits.drainBytes());
            body = requestBody;
            Operation operation = services.route().apply(seen);
            return operation.run(new Exchange(seen, id, verified.payload(), requestBody, this));
        }

        /** What takes no body would not look at its hash; where the head rules a body out, the hash is that of no bytes. */
        private void checkHashOfNoBody(PayloadMode payload) {
            if (head.framing() instanceof RequestHead.Framing.Length(long bytes) && bytes == 0) {
                BodyDigests.ofNothing(payload).ifPresent(failure -> {
                    throw failure.exception();
                });
            }
        }

        @Override
        public void hold(Closeable resource) {
            connection.hold(resource);
        }

        @Override
        public void release(Closeable resource) {
            connection.release(resource);
        }

        private CompletionStage<HttpResponse> answered(@Nullable S3Response response, @Nullable Throwable failure) {
            if (failure == null && response != null) {
                return discarded().thenApply(ignored -> render(response, id, head));
            }
            Throwable cause = failure == null ? new IllegalStateException("no answer") : Causes.of(failure);
            if (cause instanceof OutcomeUnknownException) {
                LOG.warn("{} {}: {}", id, head.view().method(), cause.getMessage());
                connection.abort();
                // Never ended: a failed stage would have the library answer 500 if it came before the abort.
                ended(upload);
                return new CompletableFuture<>();
            }
            S3Failure told = told(cause);
            boolean withBody = !head.view().method().equals("HEAD");
            S3Response error = error(told, head.view().target().path(), id, withBody);
            return discarded().thenApply(ignored -> render(error, id, head));
        }

        private CompletionStage<?> discarded() {
            // Where the head itself was refused nobody has made a body object yet.
            HttpBody b = body != null
                    ? body
                    : new HttpBody(
                            request.entity(),
                            head,
                            new PayloadMode.Unsigned(),
                            Optional.empty(),
                            materializer,
                            services.blocking(),
                            limits.drainBytes());
            return b.discard();
        }

        private S3Failure told(Throwable cause) {
            if (cause instanceof S3Exception e) {
                return e.failure();
            }
            if (cause instanceof PosixException e) {
                S3Failure told = Failures.of(e);
                if (told.code() == ErrorCode.InternalError) {
                    LOG.error(
                            "{} {} {}",
                            id,
                            head.view().method(),
                            head.view().target().path(),
                            e);
                } else {
                    LOG.warn("{} {}: {}", id, told.code(), e.getMessage());
                }
                return told;
            }
            if (cause instanceof IllegalStateException && connection.hasEnded()) {
                // What was held for the request was closed with the connection, under whoever still worked on it.
                LOG.info("{} {}: the client left: {}", id, head.view().method(), cause.getMessage());
                return S3Failure.of(ErrorCode.IncompleteBody);
            }
            LOG.error("{} {} {}", id, head.view().method(), head.view().target().path(), cause);
            if (cause instanceof VirtualMachineError e) {
                throw new CompletionException(e);
            }
            return S3Failure.of(ErrorCode.InternalError);
        }
    }

    private S3Response error(S3Failure failure, String path, String id, boolean withBody) {
        S3Response response = S3Response.of(failure.code().status());
        if (failure.code() == ErrorCode.SlowDown || failure.code() == ErrorCode.ServiceUnavailable) {
            response.header("Retry-After", "1");
        }
        // The header too, because an answer to HEAD has nothing else to tell it by.
        failure.element("Region").ifPresent(region -> response.header("x-amz-bucket-region", region));
        if (withBody && failure.code().hasBody()) {
            byte[] xml = failure.xml(path, id, services.hostId()).getBytes(StandardCharsets.UTF_8);
            response.body(new S3Response.Body.Bytes("application/xml", xml));
        }
        return response;
    }
}
