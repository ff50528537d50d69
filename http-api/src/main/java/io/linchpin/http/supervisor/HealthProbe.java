package io.linchpin.http.supervisor;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.OptionalInt;
import java.util.function.LongFunction;

/**
 * Asks one node on its loopback port, every half second and on a thread of its own, whether it is ready; a node that is
 * stuck keeps only that thread waiting.
 */
final class HealthProbe implements AutoCloseable {
    static final int PERIOD_MILLIS = 500;
    static final int ANSWER_LIMIT_MILLIS = 2_000;

    private final NodeProcess process;
    private final LongFunction<OptionalInt> portOfPid;
    private final Thread thread;
    private volatile long lastAnswerNanos = System.nanoTime();
    private volatile boolean ready;
    private volatile boolean closed;

    /** @param portOfPid finds the loopback port of a node; empty while it has not opened one */
    HealthProbe(NodeProcess process, LongFunction<OptionalInt> portOfPid) {
        this.process = process;
        this.portOfPid = portOfPid;
        this.thread = Thread.ofVirtual().name("health-" + process.pid()).start(this::run);
    }

    boolean ready() {
        return ready;
    }

    long silentMillis() {
        return (System.nanoTime() - lastAnswerNanos) / 1_000_000;
    }

    private void run() {
        OptionalInt port = OptionalInt.empty();
        while (!closed && process.isAlive()) {
            if (port.isEmpty()) {
                port = portOfPid.apply(process.pid());
            }
            if (port.isPresent()) {
                int status = ask(port.getAsInt());
                if (status > 0) {
                    lastAnswerNanos = System.nanoTime();
                    ready = status == 200;
                }
            }
            try {
                Thread.sleep(ready ? PERIOD_MILLIS : PERIOD_MILLIS / 5);
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    /** The status of {@code /-/ready}; 0 where there was no answer. */
    private static int ask(int port) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/-/ready").toURL().openConnection(Proxy.NO_PROXY);
            try {
                connection.setConnectTimeout(ANSWER_LIMIT_MILLIS);
                connection.setReadTimeout(ANSWER_LIMIT_MILLIS);
                return connection.getResponseCode();
            } finally {
                connection.disconnect();
            }
        } catch (IOException noAnswer) {
            return 0;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
