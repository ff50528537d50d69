package io.linchpin.store.recovery;

import io.linchpin.store.journal.CommitRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * One key's records in order. Only those keep their bytes that a fold publishes, the last PUT and the last metadata change
 * after it: of a key that was written often, all the bytes of a journal's records might not fit into memory.
 */
final class Succession {
    private static final int NONE = -1;

    private final List<CommitRecord> records;
    private int data = NONE;
    private int meta = NONE;

    Succession(int expected) {
        records = new ArrayList<>(expected);
    }

    void add(CommitRecord record) {
        switch (record.kind()) {
            case PUT, DELETE -> {
                strip(data);
                strip(meta);
                data = records.size();
                meta = NONE;
            }
            case META -> {
                strip(meta);
                meta = records.size();
            }
            case VOID -> throw new IllegalArgumentException("a void record is not replayed: " + record.id());
        }
        records.add(record);
    }

    private void strip(int index) {
        if (index != NONE) {
            records.set(index, records.get(index).withoutBytes());
        }
    }

    List<CommitRecord> records() {
        return records;
    }
}
