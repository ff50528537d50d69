package io.linchpin.http.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: hands the heads that the guard has read to the handler, in order, and lets the handler break
 * the connection. What a request holds open (a file, a staged upload) is registered here, so that it is closed even if
 * the connection dies before anybody could do so.
 */
final class Connection {
    private final Queue<RequestHead> heads = new ArrayDeque<>(1);
    private final Set<Closeable> held = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Runnable> abort = new AtomicReference<>();
    private final Dispatcher.AdminPages admin;
    private final Runnable onEnd;
    private volatile boolean ended;

    /** @param onEnd is run once, when the connection is over */
    Connection(Dispatcher.AdminPages admin, Runnable onEnd) {
        this.admin = admin;
        this.onEnd = onEnd;
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

    /** Has this closed with the connection, at once where it has ended already. */
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

    /** By the guard, when the stream is over. */
    void end() {
        ended = true;
        onEnd.run();
        closeHeld();
    }

    private void closeHeld() {
        for (Closeable c : List.copyOf(held)) {
            if (held.remove(c)) {
                try {
                    c.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
