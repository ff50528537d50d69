package io.linchpin.store.recovery;

import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.JournalIndex;
import io.linchpin.store.journal.JournalIndex.Location;
import io.linchpin.store.value.Incarnation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A shard's records as earlier owners left them: ordered by (epoch, sequence), each once however often it was
 * re-appended, a published mark of any copy counting for all.
 */
final class Inherited {
    private final List<Location> records;
    private final Set<CommitRecord.Id> marked;
    private final Set<CommitRecord.Id> voided;

    private Inherited(List<Location> records, Set<CommitRecord.Id> marked, Set<CommitRecord.Id> voided) {
        this.records = records;
        this.marked = marked;
        this.voided = voided;
    }

    static Inherited collect(int shard, long floor, Map<Incarnation, JournalIndex> journals) {
        Map<CommitRecord.Id, Location> ordered = new TreeMap<>();
        Set<CommitRecord.Id> marked = new HashSet<>();
        Set<CommitRecord.Id> voided = new HashSet<>();
        for (JournalIndex journal : journals.values()) {
            for (Location at : journal.of(shard)) {
                if (at.id().epoch() < floor) {
                    continue;
                }
                if (at.isVoid()) {
                    voided.add(at.id());
                } else {
                    ordered.putIfAbsent(at.id(), at);
                }
                if (journal.isMarked(at.id())) {
                    marked.add(at.id());
                }
            }
        }
        return new Inherited(new ArrayList<>(ordered.values()), marked, voided);
    }

    /** In order; a voided record and its void are not among them: it was never acknowledged, and both are done with. */
    List<Location> records() {
        return records.stream().filter(r -> !voided.contains(r.id())).toList();
    }

    boolean isMarked(CommitRecord.Id id) {
        return marked.contains(id);
    }
}
