package io.linchpin.http.operation;

import io.linchpin.http.wire.S3Exception;
import io.linchpin.posix.PosixException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer of an operation that may take long. When its patience is at its end the answer begins with status 200 and
 * spaces, so that nobody in between gives the connection up, and a failure is told in the document alone, as S3 does.
 *
 * @param hostId for an error document that comes after the status
 */
record LateAnswer(String hostId, Duration patience) {
    private static final Logger LOG = LoggerFactory.getLogger(LateAnswer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    LateAnswer(String hostId) {
        this(hostId, PATIENCE);
    }

    /** The answer to an exchange with this document, soon or late. */
    CompletionStage<S3Response> of(Exchange exchange, CompletionStage<String> xml) {
        return of(exchange.target().path(), exchange.requestId(), xml);
    }

    CompletionStage<S3Response> of(String path, String requestId, CompletionStage<String> xml) {
        CompletableFuture<S3Response> soon = xml.thenApply(S3Response::xml).toCompletableFuture();
        S3Response late = S3Response.of(200)
                .body(new S3Response.Body.Awaited(xml.exceptionally(failure -> told(failure, path, requestId))));
        return soon.completeOnTimeout(late, patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private String told(Throwable failure, String path, String requestId) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof UncheckedIOException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof S3Exception e) {
            return e.failure().xml(path, requestId, hostId);
        }
        if (cause instanceof PosixException e) {
            LOG.warn("{} {}", requestId, e.getMessage());
            return Failures.of(e).xml(path, requestId, hostId);
        }
        // No document, and the connection breaks: nobody can tell what happened.
        throw new CompletionException(cause);
    }
}
