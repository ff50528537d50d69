package io.linchpin.http.server;

import io.linchpin.http.server.RequestHead.Accepted;
import io.linchpin.http.server.RequestHead.Framing;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Failure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a socket and the HTTP library. It reads every head itself (so a signature is checked over the very bytes
 * that came, and what is ambiguous never gets further), hands it to the {@link Connection}, and passes on a plain head
 * of its own with the same framing; a chunked body is framed anew. It holds slow clients to their deadlines, and reads
 * on for a moment after the last answer, so that closing does not destroy that answer on its way.
 *
 * <pre>
 *   socket ─▶ netIn ─▶ HEAD ─▶ FIXED | CHUNKED ─▶ HEAD … ─▶ httpOut ─▶ library
 *   socket ◀─ netOut ◀──────────────────────────────────── httpIn ◀─ library
 *                    a refused head, or the end of httpIn: DRAIN
 * </pre>
 */
final class ConnectionGuard extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
    private static final String TICK = "tick";
    private static final Duration TICK_INTERVAL = Duration.ofMillis(500);
    private static final ByteString CRLF = ascii("\r\n");
    private static final ByteString LAST_CHUNK = ascii("0\r\n\r\n");

    private final Connection connection;
    private final Limits limits;
    private final HeadParser parser;
    private final BooleanSupplier leaving;

    private final Inlet<ByteString> httpIn = Inlet.create("ConnectionGuard.httpIn");
    private final Outlet<ByteString> netOut = Outlet.create("ConnectionGuard.netOut");
    private final Inlet<ByteString> netIn = Inlet.create("ConnectionGuard.netIn");
    private final Outlet<ByteString> httpOut = Outlet.create("ConnectionGuard.httpOut");

    /** @param leaving whether idle connections are to end */
    ConnectionGuard(Connection connection, Limits limits, BooleanSupplier leaving) {
        this.leaving = leaving;
        this.connection = connection;
        this.limits = limits;
        this.parser = new HeadParser(limits.maxHeaders());
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
        return new BidiShape<>(httpIn, netOut, netIn, httpOut);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private static ByteString ascii(String text) {
        return ByteString.fromArrayUnsafe(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Why a connection is broken off: a client's doing, nothing to log. */
    static final class BrokenOffException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenOffException(String why) {
            super(why, null, false, false);
        }
    }

    private enum State {
        HEAD,
        FIXED,
        CHUNKED,
        DRAIN
    }

    private final class Logic extends TimerGraphStageLogic {
        private State state = State.HEAD;
        private final HeadBuffer head = new HeadBuffer(limits.maxHeadBytes());
        private ByteString input = ByteString.emptyByteString();
        private long fixedLeft;
        private ChunkedFraming chunked = new ChunkedFraming();
        /** A small body is collected, so that the library sees the whole request at once; its head waits here. */
        private ByteString collected = ByteString.emptyByteString();

        private long collectLeft;
        /** The request that is being collected: the library does not know of it, so that it can still be refused. */
        private @Nullable Accepted collecting;
        /** When the last answer had been handed to the socket. */
        private long drainSince;

        private final Pace pace = new Pace(limits);

        private Logic() {
            super(ConnectionGuard.this.shape());
            setHandler(netIn, new FromNet());
            setHandler(httpOut, new ToHttp());
            setHandler(httpIn, new FromHttp());
            setHandler(netOut, new ToNet());
        }

        @Override
        public void preStart() {
            AsyncCallback<String> abort = createAsyncCallback(why -> failStage(new BrokenOffException(why)));
            connection.onAbort(() -> abort.invoke("the outcome of a request is unknown"));
            scheduleWithFixedDelay(TICK, TICK_INTERVAL, TICK_INTERVAL);
        }

        @Override
        public void postStop() {
            connection.end();
        }

        /** Goes on with what has been read; asks for more where that does not suffice. */
        private void advance() {
            while (isAvailable(httpOut) && state != State.DRAIN) {
                if (input.isEmpty()) {
                    if (isClosed(netIn)) {
                        complete(httpOut);
                    } else {
                        pullNet();
                    }
                    return;
                }
                step();
            }
            if (state == State.DRAIN && !isClosed(netIn) && !hasBeenPulled(netIn)) {
                pull(netIn);
            }
        }

        private void step() {
            switch (state) {
                case HEAD -> readHead();
                case FIXED -> readFixed();
                case CHUNKED -> readChunked();
                case DRAIN -> {}
            }
        }

        private void pullNet() {
            if (!hasBeenPulled(netIn)) {
                pace.waits();
                pull(netIn);
            }
        }

        private void readHead() {
            if (head.isEmpty()) {
                pace.headBegins();
            }
            input = head.take(input);
            if (head.isTooLong()) {
                refuse(new RequestHead.Refused(S3Failure.of(ErrorCode.RequestHeaderSectionTooLarge)
                        .with("MaxSizeAllowed", Integer.toString(limits.maxHeadBytes()))));
                return;
            }
            if (head.headEnd() < 0) {
                return;
            }
            RequestHead parsed = parser.parse(head.bytes(), 0, head.headEnd());
            head.clear();
            switch (parsed) {
                case RequestHead.Refused refused -> refuse(refused);
                case Accepted accepted -> begin(accepted);
            }
        }

        private void refuse(RequestHead.Refused refused) {
            state = State.DRAIN;
            input = ByteString.emptyByteString();
            collecting = null;
            collected = ByteString.emptyByteString();
            connection.offer(refused);
            push(httpOut, PlainHead.REFUSED);
        }

        private void begin(Accepted accepted) {
            pace.bodyBegins();
            ByteString plain = PlainHead.of(accepted);
            switch (accepted.framing()) {
                case Framing.Length(long bytes) -> {
                    if (bytes == 0) {
                        bodyDone();
                        connection.offer(accepted);
                        push(httpOut, accepted.expectContinue() ? plain.concat(LAST_CHUNK) : plain);
                        return;
                    }
                    state = State.FIXED;
                    fixedLeft = bytes;
                    if (!accepted.expectContinue() && bytes <= limits.collectBytes()) {
                        collecting = accepted;
                        collected = plain;
                        collectLeft = bytes;
                        return;
                    }
                }
                case Framing.Chunked() -> {
                    state = State.CHUNKED;
                    chunked = new ChunkedFraming();
                }
            }
            connection.offer(accepted);
            push(httpOut, plain);
        }

        private void readFixed() {
            int n = (int) Math.min(fixedLeft, input.size());
            ByteString data = n == input.size() ? input : input.take(n);
            input = n == input.size() ? ByteString.emptyByteString() : input.drop(n);
            fixedLeft -= n;
            pace.bodyGrows(n);
            if (collecting != null) {
                collected = collected.concat(data);
                collectLeft -= n;
                if (collectLeft > 0) {
                    return;
                }
                connection.offer(collecting);
                collecting = null;
                // Not compacted: the library cuts the head off, and whoever reads the body makes the one copy.
                data = collected;
                collected = ByteString.emptyByteString();
            }
            if (fixedLeft == 0) {
                bodyDone();
            }
            push(httpOut, data);
        }

        private void readChunked() {
            long left = chunked.dataBytes();
            if (left > 0) {
                int n = (int) Math.min(left, input.size());
                ByteString data = input.take(n);
                input = input.drop(n);
                chunked.took(n);
                pace.bodyGrows(n);
                push(
                        httpOut,
                        ascii(Integer.toHexString(n) + "\r\n").concat(data).concat(CRLF));
                return;
            }
            int i = 0;
            while (i < input.size() && chunked.dataBytes() == 0 && !chunked.isDone()) {
                chunked.framing(input.apply(i));
                i++;
            }
            input = input.drop(i);
            if (chunked.isDone()) {
                bodyDone();
                push(httpOut, LAST_CHUNK);
            }
        }

        private void bodyDone() {
            state = State.HEAD;
            pace.requestEnds();
        }

        @Override
        public void onTimer(Object key) {
            long now = System.nanoTime();
            String slow = pace.slowReader(now);
            if (slow != null) {
                failStage(new BrokenOffException(slow));
            } else if (state == State.DRAIN) {
                if (isClosed(httpIn) && TimeUnit.NANOSECONDS.toMillis(now - drainSince) > limits.lingerMillis()) {
                    completeStage();
                }
            } else if (leaving.getAsBoolean() && state == State.HEAD && head.isEmpty() && pace.isIdle()) {
                completeStage();
            } else {
                slow = state == State.HEAD ? pace.slowHead(!head.isEmpty(), now) : pace.slowBody(now);
                if (slow != null && collecting != null) {
                    refuse(new RequestHead.Refused(S3Failure.of(ErrorCode.RequestTimeout)));
                } else if (slow != null) {
                    failStage(new BrokenOffException(slow));
                }
            }
        }

        private final class FromNet extends AbstractInHandler {
            @Override
            public void onPush() {
                ByteString more = grab(netIn);
                pace.came(state == State.FIXED || state == State.CHUNKED);
                if (state == State.DRAIN) {
                    // For the time of the linger, however much: who still sends when the answer comes would be told of
                    // a reset instead.
                    pull(netIn);
                    return;
                }
                input = input.isEmpty() ? more : input.concat(more);
                try {
                    advance();
                } catch (ChunkedFraming.BrokenFramingException e) {
                    failStage(e);
                }
            }

            @Override
            public void onUpstreamFinish() {
                pace.inputEnds();
                if (isClosed(httpIn)) {
                    completeStage();
                } else if (input.isEmpty() && !isClosed(httpOut)) {
                    if (collecting != null) {
                        refuse(new RequestHead.Refused(S3Failure.of(ErrorCode.IncompleteBody)));
                    }
                    complete(httpOut);
                }
            }
        }

        private final class ToHttp extends AbstractOutHandler {
            @Override
            public void onPull() {
                try {
                    advance();
                } catch (ChunkedFraming.BrokenFramingException e) {
                    failStage(e);
                }
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
                startDrain();
            }
        }

        private void startDrain() {
            if (state != State.DRAIN) {
                state = State.DRAIN;
                input = ByteString.emptyByteString();
            }
            if (!isClosed(netIn) && !hasBeenPulled(netIn)) {
                pull(netIn);
            }
        }

        private final class FromHttp extends AbstractInHandler {
            @Override
            public void onPush() {
                pace.sends(state == State.HEAD);
                push(netOut, grab(httpIn));
            }

            @Override
            public void onUpstreamFinish() {
                drainSince = System.nanoTime();
                complete(netOut);
                if (isClosed(netIn)) {
                    completeStage();
                } else {
                    startDrain();
                }
            }
        }

        private final class ToNet extends AbstractOutHandler {
            @Override
            public void onPull() {
                pace.sent();
                if (!isClosed(httpIn)) {
                    pull(httpIn);
                }
            }
        }
    }
}
