package io.linchpin.store.recovery;

import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.JournalIndex;
import io.linchpin.store.journal.JournalIndex.Location;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Journals of dead nodes, each read once and shared by the take-overs of all its shards: those come one by one, and what a
 * dead node wrote does not change. A journal is kept from being swept for as long as somebody reads it; the index that is kept
 * for the next reader does not keep it, for what is swept is in no ledger, and nobody asks for it again.
 */
public final class JournalArchive {
    private final StoreRoot root;
    private final Incarnation own;
    private final long keepNanos;
    private final LongSupplier nanos;
    private final Map<Incarnation, Shared> journals = new HashMap<>();

    private static final class Shared {
        int readers;
        long idleSinceNanos;
        final JournalIndex index;

        Shared(JournalIndex index) {
            this.index = index;
        }
    }

    /**
     * Of one store.
     *
     * @param own whose journal goes on, and is read anew each time
     * @param keepNanos how long an index is kept after its last reader
     * @param nanos a clock that only goes forward
     */
    public JournalArchive(StoreRoot root, Incarnation own, long keepNanos, LongSupplier nanos) {
        this.root = root;
        this.own = own;
        this.keepNanos = keepNanos;
        this.nanos = nanos;
    }

    /** Journals held open for one take-over. */
    public final class Lease implements AutoCloseable {
        private final Map<Incarnation, JournalIndex> held = new HashMap<>();

        public Map<Incarnation, JournalIndex> indexes() {
            return held;
        }

        /** Reads one record of a held journal. */
        public CommitRecord load(Location at) throws IOException {
            JournalIndex index = held.get(at.journal());
            if (index == null) {
                throw new IllegalStateException("journal " + at.journal() + " is not held");
            }
            return index.load(at);
        }

        @Override
        public void close() {
            synchronized (JournalArchive.this) {
                for (Incarnation i : held.keySet()) {
                    Shared shared = journals.get(i);
                    if (shared != null && --shared.readers == 0) {
                        shared.idleSinceNanos = nanos.getAsLong();
                        shared.index.close();
                    }
                }
                forget();
            }
        }
    }

    /** Reads the journals that nobody has read yet, and holds all of them. */
    public Lease hold(Set<Incarnation> incarnations) throws IOException {
        Lease lease = new Lease();
        try {
            for (Incarnation i : new HashSet<>(incarnations)) {
                lease.held.put(i, holdOne(i));
            }
            return lease;
        } catch (IOException | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private synchronized JournalIndex holdOne(Incarnation incarnation) throws IOException {
        forget();
        Shared shared = journals.get(incarnation);
        if (shared == null) {
            shared = new Shared(JournalIndex.read(root, incarnation));
            journals.put(incarnation, shared);
        }
        shared.readers++;
        return shared.index;
    }

    /** Lets go of indexes that nobody has read for a while, and of our own as soon as nobody does. */
    private synchronized void forget() {
        long now = nanos.getAsLong();
        journals.entrySet()
                .removeIf(e -> e.getValue().readers == 0
                        && (e.getKey().equals(own) || now - e.getValue().idleSinceNanos >= keepNanos));
    }

    public synchronized boolean isHeld(Incarnation incarnation) {
        Shared shared = journals.get(incarnation);
        return shared != null && shared.readers > 0;
    }
}
