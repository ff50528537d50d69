package io.linchpin.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.operation.Failures;
import io.linchpin.http.testing.RawSocket;
import io.linchpin.http.testing.Signer;
import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client is told of a disk's fault: by its errno, the same whether it is thrown, or comes late, or is an outcome. */
class FaultCodesIT {
    @ParameterizedTest
    @CsvSource({
        Errno.ENOSPC + ",507,InsufficientStorage",
        Errno.EDQUOT + ",507,InsufficientStorage",
        Errno.EFBIG + ",400,EntityTooLarge",
        Errno.EACCES + ",403,AccessDenied",
        Errno.EROFS + ",403,AccessDenied",
        Errno.ENAMETOOLONG + ",400,KeyTooLongError",
        Errno.EMFILE + ",503,SlowDown",
        Errno.ENFILE + ",503,SlowDown",
        Errno.ENOMEM + ",503,SlowDown",
        Errno.EIO + ",500,InternalError",
        Errno.ESTALE + ",500,InternalError"
    })
    void anErrnoIsAnS3Error(int errno, int status, String code) throws Exception {
        PosixException fault = new PosixException(errno, "pwrite", "secret/path");
        RuntimeException outcome = Failures.of(
                new Outcome.Failed(errno, "pwrite"), new ObjectId(new BucketName("bucket"), new ObjectKey("k")));
        try (TestServer server = new TestServer(
                exchange -> switch (exchange.parameter("how").orElse("")) {
                    case "thrown" -> throw fault;
                    case "late" -> CompletableFuture.failedFuture(fault);
                    default -> CompletableFuture.failedFuture(outcome);
                },
                "")) {
            for (String how : new String[] {"thrown", "late", "outcome"}) {
                String target = "/b/k?how=" + how;
                try (RawSocket socket = new RawSocket(server.port())) {
                    Map<String, String> head = Signer.sign("GET", target, server.host(), Map.of(), "UNSIGNED-PAYLOAD");
                    RawSocket.Answer answer = socket.head("GET", target, head).answer();
                    assertEquals(status, answer.status(), how);
                    assertTrue(answer.body().contains("<Code>" + code + "</Code>"), answer.body());
                    assertTrue(!answer.body().contains("secret"), answer.body());
                    assertEquals(status == 503, answer.hasHeader("retry-after: "), answer.head());
                }
            }
        }
    }
}
