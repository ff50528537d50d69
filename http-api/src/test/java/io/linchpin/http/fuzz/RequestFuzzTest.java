package io.linchpin.http.fuzz;

import io.linchpin.fuzz.FuzzRun;
import io.linchpin.http.body.AwsChunkedFuzz;
import io.linchpin.http.operation.TokenFuzz;
import io.linchpin.http.server.ChunkedFramingFuzz;
import io.linchpin.http.server.HeadFuzz;
import io.linchpin.http.sigv4.SigV4Fuzz;
import io.linchpin.http.wire.DocumentsFuzz;
import org.junit.jupiter.api.Test;

/** What anybody may send. */
class RequestFuzzTest {
    @Test
    void heads() throws Exception {
        FuzzRun.of(new HeadFuzz(), 60_000);
    }

    @Test
    void chunkedFraming() throws Exception {
        FuzzRun.of(new ChunkedFramingFuzz(), 100_000);
    }

    @Test
    void awsChunkedBodies() throws Exception {
        FuzzRun.of(new AwsChunkedFuzz(), 20_000);
    }

    @Test
    void signatures() throws Exception {
        FuzzRun.of(new SigV4Fuzz(), 60_000);
    }

    @Test
    void documents() throws Exception {
        FuzzRun.of(new DocumentsFuzz(), 20_000);
    }

    @Test
    void continuationTokens() throws Exception {
        FuzzRun.of(new TokenFuzz(), 100_000);
    }
}
