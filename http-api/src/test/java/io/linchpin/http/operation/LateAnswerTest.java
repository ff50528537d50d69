package io.linchpin.http.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class LateAnswerTest {
    private final CompletableFuture<String> document = new CompletableFuture<>();

    private S3Response answer(Duration patience) {
        return new LateAnswer("host", patience)
                .of("/b/k", "id", document)
                .toCompletableFuture()
                .join();
    }

    private CompletableFuture<String> late() {
        S3Response response = answer(Duration.ZERO);
        assertEquals(200, response.status());
        return assertInstanceOf(S3Response.Body.Awaited.class, response.body())
                .xml()
                .toCompletableFuture();
    }

    @Test
    void whatIsThereInTimeIsTheAnswer() {
        document.complete("<a/>");
        S3Response.Body.Bytes body = assertInstanceOf(
                S3Response.Body.Bytes.class, answer(Duration.ofHours(1)).body());
        assertEquals("<a/>", new String(body.bytes(), StandardCharsets.UTF_8));
    }

    @Test
    void whatFailsInTimeHasAStatus() {
        document.completeExceptionally(new S3Exception(ErrorCode.NoSuchKey));
        assertThrows(CompletionException.class, () -> answer(Duration.ofHours(1)));
    }

    @Test
    void whatComesLaterIsAwaited() {
        CompletableFuture<String> late = late();
        document.complete("<a/>");
        assertEquals("<a/>", late.join());
    }

    @Test
    void whatFailsLaterIsToldInTheDocument() {
        CompletableFuture<String> late = late();
        document.completeExceptionally(
                new UncheckedIOException(new PosixException(Errno.ENOSPC, "pwrite", "secret/path")));
        assertTrue(late.join().contains("<Code>InsufficientStorage</Code>"), late.join());
        assertTrue(late.join().contains("<RequestId>id</RequestId>"), late.join());
        assertTrue(!late.join().contains("secret"), late.join());
    }

    @Test
    void whatNobodyKnowsIsNotTold() {
        CompletableFuture<String> late = late();
        document.completeExceptionally(new OutcomeUnknownException());
        assertThrows(CompletionException.class, late::join);
    }
}
