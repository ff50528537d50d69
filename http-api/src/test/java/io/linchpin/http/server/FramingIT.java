package io.linchpin.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.operation.Operation;
import io.linchpin.http.operation.OutcomeUnknownException;
import io.linchpin.http.operation.S3Response;
import io.linchpin.http.testing.RawSocket;
import io.linchpin.http.testing.Signer;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches a socket in more than one meaning is refused, and the connection ends. */
class FramingIT {
    private static final Operation ECHO = exchange -> exchange.body()
            .collect(1 << 20)
            .thenApply(bytes -> S3Response.of(200).body(new S3Response.Body.Bytes("text/plain", bytes)));

    private static TestServer server;

    @BeforeAll
    static void boot() throws Exception {
        server = new TestServer(ECHO, "");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: +3\r\n\r\nabc",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 3\r\n\r\nabc",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: \u00e3\u0080\u00803\r\n\r\nabc",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \u00e3\u0080\u0080chunked\r\n\r\n0\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 0x3\r\n\r\nabc",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                "PUT /b/k HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length : 3\r\n\r\nabc",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nX-A: b\r\n Content-Length: 3\r\n\r\nabc",
                "PUT /b/k HTTP/1.1\r\nHost: h\nContent-Length: 3\r\n\r\nabc",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "PUT  /b/k HTTP/1.1\r\nHost: h\r\n\r\n",
                "PUT /b/k HTTP/2.0\r\nHost: h\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nExpect: 100-continue\r\n\r\n",
                "PUT /b/%zz HTTP/1.1\r\nHost: h\r\n\r\n",
                "PUT /b/\u00c3( HTTP/1.1\r\nHost: h\r\n\r\n",
            })
    void refusesAndEnds(String request) throws Exception {
        try (RawSocket socket = new RawSocket(server.port())) {
            RawSocket.Answer answer = socket.send(request).answer();
            assertEquals(400, answer.status());
            assertTrue(answer.hasHeader("connection: close"), answer.head());
            assertTrue(answer.hasHeader("x-amz-request-id: "), answer.head());
            assertTrue(answer.hasHeader("server: Linchpin"), answer.head());
            assertTrue(answer.body().contains("<Error><Code>"), answer.body());
            assertTrue(socket.ends());
        }
    }

    @Test
    void unknownMethodIsNotAllowed() throws Exception {
        try (RawSocket socket = new RawSocket(server.port())) {
            RawSocket.Answer answer =
                    socket.send("BREW /b/k HTTP/1.1\r\nHost: h\r\n\r\n").answer();
            assertEquals(405, answer.status());
            assertTrue(socket.ends());
        }
    }

    @Test
    void aHeadBeyondTheLimitIsRefused() throws Exception {
        try (RawSocket socket = new RawSocket(server.port())) {
            socket.send("GET /b/k HTTP/1.1\r\nHost: h\r\nX-Long: " + "a".repeat(40_000));
            RawSocket.Answer answer = socket.answer();
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("<Code>RequestHeaderSectionTooLarge</Code>"), answer.body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3 \r\nabc\r\n0\r\n\r\n",
                "3;x=y\r\nabc\r\n0\r\n\r\n",
                "3\nabc\r\n0\r\n\r\n",
                "3\r\nabcd\r\n0\r\n\r\n",
                "0x3\r\nabc\r\n0\r\n\r\n",
                "\r\nabc\r\n0\r\n\r\n",
                "000000003\r\nabc\r\n0\r\n\r\n",
                "3\r\nabc\r\n0\r\nX-Trailer: y\r\n\r\n",
                "-3\r\nabc\r\n0\r\n\r\n"
            })
    void brokenChunksEndTheConnection(String body) throws Exception {
        try (RawSocket socket = new RawSocket(server.port())) {
            socket.head("PUT", "/b/k", signed("PUT", Map.of("Transfer-Encoding", "chunked"), "UNSIGNED-PAYLOAD"));
            socket.send(body);
            assertTrue(socket.ends());
        }
    }

    @Test
    void goodChunksArriveWhole() throws Exception {
        try (RawSocket socket = new RawSocket(server.port())) {
            socket.head("PUT", "/b/k", signed("PUT", Map.of("Transfer-Encoding", "chunked"), "UNSIGNED-PAYLOAD"));
            socket.send("3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n");
            RawSocket.Answer answer = socket.answer();
            assertEquals("abc0123456789", answer.body());
        }
    }

    @Test
    void aConnectionCarriesManyRequests() throws Exception {
        try (RawSocket socket = new RawSocket(server.port())) {
            for (int size : new int[] {0, 1, 4096, 65_536, 65_537, 900_000, 5}) {
                String body = "x".repeat(size);
                socket.head("PUT", "/b/k", signed("PUT", Map.of("Content-Length", "" + size), "UNSIGNED-PAYLOAD"));
                socket.send(body);
                RawSocket.Answer answer = socket.answer();
                assertEquals(200, answer.status());
                assertEquals(size, answer.body().length());
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (RawSocket socket = new RawSocket(server.port())) {
            for (String body : new String[] {"first", "second", "third"}) {
                socket.head(
                        "PUT", "/b/k", signed("PUT", Map.of("Content-Length", "" + body.length()), "UNSIGNED-PAYLOAD"));
                socket.send(body);
            }
            assertEquals("first", socket.answer().body());
            assertEquals("second", socket.answer().body());
            assertEquals("third", socket.answer().body());
        }
    }

    /** Botocore takes an answer without the 100 to be the answer to the next request too. */
    @Test
    void anEmptyBodyThatWaitsIsAskedForToo() throws Exception {
        Map<String, String> expect = Map.of("Content-Length", "0", "Expect", "100-continue");
        try (RawSocket socket = new RawSocket(server.port())) {
            for (int i = 0; i < 2; i++) {
                socket.head("PUT", "/b/k", signed("PUT", expect, "UNSIGNED-PAYLOAD"));
                assertEquals(100, socket.answer().status());
                assertEquals(200, socket.answer().status());
            }
        }
    }

    /** RFC 9110, 10.1.1, allows a server to go on, and to send nothing ahead of its answer. */
    @ParameterizedTest
    @ValueSource(strings = {"200-maybe", "200", "", "100-continue, 200-maybe"})
    void anExpectationThatIsNotUnderstoodIsPassedOver(String expectation) throws Exception {
        Map<String, String> expect = Map.of("Content-Length", "3", "Expect", expectation);
        try (RawSocket socket = new RawSocket(server.port())) {
            socket.head("PUT", "/b/k", signed("PUT", expect, "UNSIGNED-PAYLOAD"));
            RawSocket.Answer answer = socket.send("abc").answer();
            assertEquals(200, answer.status());
            assertEquals("abc", answer.body());
        }
    }

    @Test
    void continueIsSaidOnlyToAnAuthenticatedClient() throws Exception {
        Map<String, String> expect = Map.of("Content-Length", "3", "Expect", "100-continue");
        try (RawSocket socket = new RawSocket(server.port())) {
            socket.head("PUT", "/b/k", signed("PUT", expect, "UNSIGNED-PAYLOAD"));
            assertEquals(100, socket.answer().status());
            socket.send("abc");
            assertEquals("abc", socket.answer().body());
        }
        try (RawSocket socket = new RawSocket(server.port())) {
            Map<String, String> forged = signed("PUT", expect, "UNSIGNED-PAYLOAD");
            forged.computeIfPresent("authorization", (k, v) -> v.substring(0, v.length() - 4) + "0000");
            assertEquals(403, socket.head("PUT", "/b/k", forged).answer().status());
            assertTrue(socket.ends());
        }
    }

    @Test
    void aShortUnwantedBodyDoesNotEndTheConnection() throws Exception {
        try (RawSocket socket = new RawSocket(server.port())) {
            socket.send("PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(200_000));
            assertEquals(403, socket.answer().status());
            socket.head("PUT", "/b/k", signed("PUT", Map.of("Content-Length", "2"), "UNSIGNED-PAYLOAD"));
            assertEquals("ok", socket.send("ok").answer().body());
        }
    }

    @Test
    void aLongUnwantedBodyEndsTheConnectionAfterTheAnswer() throws Exception {
        try (RawSocket socket = new RawSocket(server.port())) {
            socket.send("PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000000\r\n\r\n" + "x".repeat(300_000));
            RawSocket.Answer answer = socket.answer();
            assertEquals(403, answer.status());
            assertTrue(answer.hasHeader("connection: close"), answer.head());
            assertTrue(socket.ends());
        }
    }

    @Test
    void slowClientsAreCutOff() throws Exception {
        String hasty = "linchpin.http { head-deadline = 200 ms, body-grace = 200 ms, idle-timeout = 1 s }";
        try (TestServer impatient = new TestServer(ECHO, hasty)) {
            try (RawSocket socket = new RawSocket(impatient.port())) {
                assertTrue(socket.send("GET / HTTP/1.1\r\nHost: ").ends());
            }
            try (RawSocket socket = new RawSocket(impatient.port())) {
                socket.send("PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\nx");
                assertTrue(socket.ends());
            }
            try (RawSocket idle = new RawSocket(impatient.port())) {
                assertTrue(idle.ends());
            }
        }
    }

    @Test
    void aSmallBodyThatEndsEarlyIsToldOf() throws Exception {
        try (RawSocket socket = new RawSocket(server.port())) {
            socket.head("PUT", "/b/k", signed("PUT", Map.of("Content-Length", "3"), "UNSIGNED-PAYLOAD"));
            assertEquals("abc", socket.send("abc").answer().body());
            socket.head("PUT", "/b/k", signed("PUT", Map.of("Content-Length", "10"), "UNSIGNED-PAYLOAD"));
            socket.send("hello").endSending();
            RawSocket.Answer answer = socket.answer();
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("<Code>IncompleteBody</Code>"), answer.body());
            assertTrue(socket.ends());
        }
    }

    @Test
    void aSmallBodyThatStopsIsToldOf() throws Exception {
        try (TestServer impatient = new TestServer(ECHO, "linchpin.http.body-grace = 200 ms");
                RawSocket socket = new RawSocket(impatient.port())) {
            socket.send("PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello");
            RawSocket.Answer answer = socket.answer();
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("<Code>RequestTimeout</Code>"), answer.body());
            assertTrue(socket.ends());
        }
    }

    @Test
    void anUnknownOutcomeIsNotAnswered() throws Exception {
        Operation unknown = exchange -> {
            throw new OutcomeUnknownException();
        };
        try (TestServer uncertain = new TestServer(unknown, "");
                RawSocket socket = new RawSocket(uncertain.port())) {
            Map<String, String> headers = Signer.sign("PUT", "/b/k", uncertain.host(), Map.of(), "UNSIGNED-PAYLOAD");
            socket.head("PUT", "/b/k", headers);
            assertTrue(socket.ends());
        }
    }

    @Test
    void onePortIsSharedByReuse() throws Exception {
        HttpServer.Bound first = server.bindAgain(0, true);
        HttpServer.Bound second = server.bindAgain(first.address().getPort(), true);
        assertEquals(first.address().getPort(), second.address().getPort());
        second.unbind();
        first.unbind();
    }

    private static Map<String, String> signed(String method, Map<String, String> headers, String payload) {
        Map<String, String> lower = Signer.sign(method, "/b/k", server.host(), Map.of(), payload);
        headers.forEach((k, v) -> lower.put(k.toLowerCase(Locale.ROOT), v));
        return lower;
    }
}
