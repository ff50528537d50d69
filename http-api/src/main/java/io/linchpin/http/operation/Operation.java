package io.linchpin.http.operation;

import io.linchpin.http.wire.S3Exception;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** One operation of S3. Stateless: what it works with comes in at creation, the request with each call. */
@FunctionalInterface
public interface Operation {
    /**
     * Answers a request that has been authenticated and routed here. Runs on a thread that may block for file I/O; waits
     * for the cluster and for large bodies by the stage.
     *
     * @throws S3Exception a client's fault; the stage may fail with it just as well
     * @throws IOException an operating fault; likewise
     */
    CompletionStage<S3Response> run(Exchange exchange) throws IOException;
}
