package io.linchpin.store.commit;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The commit gate of a shard: a mutation is inside from before it is judged until it is answered. Once closed, nobody
 * enters any more; who is inside stays until done.
 */
final class Gate {
    /** Not a ticket: the gate is closed. */
    static final long CLOSED = 0;

    /** Tickets of those inside, in the order in which they entered. */
    private final Set<Long> inside = new LinkedHashSet<>();

    private long lastTicket;
    private boolean closed;

    /** Enters: a ticket to leave with, or {@link #CLOSED}. */
    synchronized long enter() {
        if (closed) {
            return CLOSED;
        }
        inside.add(++lastTicket);
        return lastTicket;
    }

    synchronized void leave(long ticket) {
        if (!inside.remove(ticket)) {
            throw new IllegalStateException("ticket " + ticket + " has left already");
        }
        notifyAll();
    }

    synchronized int inside() {
        return inside.size();
    }

    synchronized void close() {
        closed = true;
    }

    /** Waits until nobody is inside: for a closed gate. */
    synchronized void awaitEmpty() throws InterruptedException {
        while (!inside.isEmpty()) {
            wait();
        }
    }

    /** Waits until all have left who had entered before the call; others may come and go meanwhile. */
    synchronized void awaitDrained() throws InterruptedException {
        long newest = lastTicket;
        while (!inside.isEmpty() && inside.iterator().next() <= newest) {
            wait();
        }
    }
}
