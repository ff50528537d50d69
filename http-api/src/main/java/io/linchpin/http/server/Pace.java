package io.linchpin.http.server;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of one connection: how long its client has let us wait for a head, a body, or for reading its answer. Time in
 * which it waits for us does not count.
 */
final class Pace {
    private final Limits limits;

    /** When the head in progress began, or the connection fell idle. */
    private long headSince = System.nanoTime();

    private boolean waiting;
    private long waitingSince;
    private long bodyWaitedNanos;
    private long bodyBytes;
    private boolean sending;
    private long sendingSince;
    /** Requests passed on whose answer has not begun: a client that waits for us is not slow. */
    private boolean answerDue;

    Pace(Limits limits) {
        this.limits = limits;
    }

    void headBegins() {
        headSince = System.nanoTime();
    }

    void bodyBegins() {
        bodyWaitedNanos = 0;
        bodyBytes = 0;
    }

    void bodyGrows(int bytes) {
        bodyBytes += bytes;
    }

    void requestEnds() {
        answerDue = true;
        headSince = System.nanoTime();
    }

    /** More is asked for. */
    void waits() {
        waiting = true;
        waitingSince = System.nanoTime();
    }

    /** More has come. */
    void came(boolean ofBody) {
        if (waiting && ofBody) {
            bodyWaitedNanos += System.nanoTime() - waitingSince;
        }
        waiting = false;
    }

    /** No more will come. */
    void inputEnds() {
        waiting = false;
    }

    /** Some of an answer is handed to the socket. */
    void sends(boolean requestEnded) {
        if (requestEnded) {
            answerDue = false;
            headSince = System.nanoTime();
        }
        sending = true;
        sendingSince = System.nanoTime();
    }

    /** The socket takes more. */
    void sent() {
        sending = false;
    }

    /** Between two requests, nothing under way. */
    boolean isIdle() {
        return !answerDue && !sending;
    }

    /** Why the connection is to be broken off for its reading; null where it is not. */
    @Nullable
    String slowReader(long nowNanos) {
        return sending && millis(nowNanos - sendingSince) > limits.sendStallMillis()
                ? "the client does not read its answer"
                : null;
    }

    /** Why the connection is to be broken off while a head, or the first byte of one, is waited for; null where it is not. */
    @Nullable
    String slowHead(boolean begun, long nowNanos) {
        long limit = begun ? limits.headDeadlineMillis() : limits.idleTimeoutMillis();
        boolean ours = answerDue && !begun;
        return waiting && !ours && millis(nowNanos - headSince) > limit
                ? begun ? "the head came too slowly" : "the connection was idle"
                : null;
    }

    /** Why the connection is to be broken off while a body is waited for; null where it is not. */
    @Nullable
    String slowBody(long nowNanos) {
        if (!waiting) {
            return null;
        }
        long waitedMillis = millis(bodyWaitedNanos + (nowNanos - waitingSince));
        boolean slow = waitedMillis > limits.bodyGraceMillis()
                && bodyBytes < limits.minBodyBytesPerSecond() * waitedMillis / 1000;
        return slow || millis(nowNanos - waitingSince) > limits.idleTimeoutMillis() ? "the body came too slowly" : null;
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
