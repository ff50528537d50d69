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

/**
 * Journals of dead nodes, each read once and shared by the take-overs of all its shards. A journal is kept from being
 * swept for as long as somebody reads it.
 */
public final class JournalArchive {
    private final StoreRoot root;
    private final Map<Incarnation, Shared> journals = new HashMap<>();

    private static final class Shared {
        int readers;
        final JournalIndex index;

        Shared(JournalIndex index) {
            this.index = index;
        }
    }

    public JournalArchive(StoreRoot root) {
        this.root = root;
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
                        journals.remove(i);
                        shared.index.close();
                    }
                }
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
        Shared shared = journals.get(incarnation);
        if (shared == null) {
            shared = new Shared(JournalIndex.read(root, incarnation));
            journals.put(incarnation, shared);
        }
        shared.readers++;
        return shared.index;
    }

    public synchronized boolean isHeld(Incarnation incarnation) {
        return journals.containsKey(incarnation);
    }
}
