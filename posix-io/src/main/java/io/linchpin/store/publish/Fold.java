package io.linchpin.store.publish;

import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.value.ObjectId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several records of one key, in order, taken together: what the key is after the last of them.
 *
 * @param records all of them, at least one, none void
 * @param data the last PUT or DELETE, or null where there are only metadata changes
 * @param meta the last metadata change after it, or null
 * @param rebooted whether a power cut may have come after them: then what is in place is no evidence
 */
public record Fold(
        List<CommitRecord> records,
        @Nullable CommitRecord data,
        @Nullable CommitRecord meta,
        boolean rebooted) {
    public static Fold of(List<CommitRecord> records) {
        return of(records, false);
    }

    public static Fold of(List<CommitRecord> records, boolean rebooted) {
        CommitRecord data = null;
        CommitRecord meta = null;
        for (CommitRecord r : records) {
            switch (r.kind()) {
                case PUT, DELETE -> {
                    data = r;
                    meta = null;
                }
                case META -> meta = r;
                case VOID -> throw new IllegalArgumentException("a void record is not folded: " + r.id());
            }
        }
        return new Fold(List.copyOf(records), data, meta, rebooted);
    }

    public ObjectId object() {
        return records.getFirst().object();
    }

    public CommitRecord last() {
        return records.getLast();
    }

    /** The sidecar that the key has afterwards. */
    public byte[] sidecar() {
        if (meta != null) {
            return meta.sidecar();
        }
        if (data == null || data.kind() != Kind.PUT) {
            throw new IllegalStateException("no sidecar after " + last().id());
        }
        return data.sidecar();
    }

    /** Whether a file is one that these records made, or were judged to replace: it may go. */
    public boolean accounts(Identity file) {
        for (CommitRecord r : records) {
            if (r.replaced(file, rebooted) || r.made(file, rebooted)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an empty place is what these records made, or were judged against. */
    public boolean accountsForAbsence() {
        for (CommitRecord r : records) {
            if (r.replaces() == null || r.kind() == Kind.DELETE) {
                return true;
            }
        }
        return false;
    }
}
