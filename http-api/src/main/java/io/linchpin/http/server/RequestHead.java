package io.linchpin.http.server;

import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Failure;

/** What the bytes up to the empty line come to. */
public sealed interface RequestHead {
    /**
     * A head that can be understood in one way only.
     *
     * @param close whether the connection ends with the answer
     * @param expectContinue whether the client waits for a 100 before it sends the body
     */
    record Accepted(RequestView view, Framing framing, boolean close, boolean expectContinue) implements RequestHead {
        /** The same head with what its sender's signature made of it. */
        Accepted seenAs(RequestView seen) {
            return new Accepted(seen, framing, close, expectContinue);
        }
    }

    /** A head that is not: it is answered with this, and the connection ends. */
    record Refused(S3Failure failure) implements RequestHead {}

    /** Where the body ends. */
    sealed interface Framing {
        /** After so many bytes; 0 also where the head says nothing. */
        record Length(long bytes) implements Framing {}

        /** With the chunk of size zero. */
        record Chunked() implements Framing {}
    }
}
