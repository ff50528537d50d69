package io.linchpin.it.chaos;

import io.linchpin.it.harness.Http;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.function.Supplier;

/** What a client has learned of a mutation that it sent. */
sealed interface Learned {
    record Accepted(Http.Answer answer) implements Learned {}

    /** It has not been applied, and never will be: 503, or nobody to connect to. */
    record Refused(String why) implements Learned {}

    /** No answer came: applied, or not, or later. */
    record Unknown(String why) implements Learned {}

    /**
     * Sends.
     *
     * @param accepted the status of success; any but this and 503 fails the test
     */
    static Learned of(int accepted, Supplier<Http.Answer> request) {
        Http.Answer answer;
        try {
            answer = request.get();
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof ConnectException
                    ? new Refused("nobody listens")
                    : new Unknown(String.valueOf(e.getCause()));
        }
        if (answer.status() == accepted) {
            return new Accepted(answer);
        }
        if (answer.status() == 503) {
            return new Refused(answer.code());
        }
        throw new AssertionError("neither " + accepted + " nor 503: " + answer);
    }
}
