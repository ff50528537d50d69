package io.linchpin.http.server;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: hands the heads that the guard has read to the handler, in order, and lets the handler break
 * the connection. What a request holds open (a file, a staged upload) is registered here, so that it is closed even if
 * the connection dies before anybody could do so.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Queue<RequestHead> heads = new ArrayDeque<>(1);
    private final Set<Closeable> held = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Runnable> abort = new AtomicReference<>();
    private final Dispatcher.AdminPages admin;
    private final Runnable onEnd;
    private final Executor blocking;
    private volatile boolean ended;

    /**
     * A connection that has begun.
     *
     * @param onEnd is run once, when the connection is over
     * @param blocking where what is held is closed: that waits for the write or sync under way
     */
    Connection(Dispatcher.AdminPages admin, Runnable onEnd, Executor blocking) {
        this.admin = admin;
        this.onEnd = onEnd;
        this.blocking = blocking;
    }

    /** The pages of the port through which this connection came. */
    Dispatcher.AdminPages admin() {
        return admin;
    }

    /** By the guard, just before it passes the request on. Same stream, same thread as {@link #nextHead}. */
    void offer(RequestHead head) {
        heads.add(head);
    }

    /** By the handler, once a request. */
    RequestHead nextHead() {
        return heads.remove();
    }

    void onAbort(Runnable action) {
        if (!abort.compareAndSet(null, action)) {
            action.run();
        }
    }

    /** Breaks the connection without another byte to the client. From any thread. */
    void abort() {
        Runnable action = abort.getAndSet(Connection::nothing);
        if (action != null) {
            action.run();
        }
    }

    private static void nothing() {}

    /** Whether the connection is over: nobody waits for what is still being done for it. */
    boolean hasEnded() {
        return ended;
    }

    /** Has this closed with the connection, at once where it has ended already. May block. */
    void hold(Closeable resource) {
        held.add(resource);
        if (ended) {
            closeHeld();
        }
    }

    /** Its holder closes it, or has given it away. */
    void release(Closeable resource) {
        held.remove(resource);
    }

    /** By the guard, when the stream is over. Does not block. */
    void end() {
        ended = true;
        onEnd.run();
        if (!held.isEmpty()) {
            blocking.execute(this::closeHeld);
        }
    }

    private void closeHeld() {
        for (Closeable c : List.copyOf(held)) {
            if (held.remove(c)) {
                try {
                    c.close();
                } catch (IOException | RuntimeException e) {
                    LOG.error("what a connection held could not be closed", e);
                }
            }
        }
    }
}
