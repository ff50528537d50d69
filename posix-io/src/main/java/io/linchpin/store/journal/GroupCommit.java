package io.linchpin.store.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One writer thread that makes everybody's records durable with one fdatasync a group: whatever has queued up while the
 * last sync ran is the next group. Records become durable in the order in which they were handed in.
 */
public final class GroupCommit implements CommitQueue {
    /** Records of one group at most: bounds the delay of the first. */
    private static final int MAX_GROUP = 4096;

    private final Journal journal;
    private final Consumer<Throwable> fatal;
    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final Thread writer;

    private record Entry(@Nullable LiveRecord record, Runnable durable) {}

    /** Ends the writer, after all that was handed in before it. */
    private static final Entry LAST = new Entry(null, () -> {});

    /**
     * @param fatal told of a failure of the journal: to stop the process; nothing is committed any more
     */
    public GroupCommit(Journal journal, Consumer<Throwable> fatal) {
        this.journal = journal;
        this.fatal = fatal;
        this.writer = Thread.ofPlatform().name("linchpin-journal").daemon().start(this::run);
    }

    @Override
    public void commit(LiveRecord record, Runnable durable) {
        if (record.isVoid()) {
            journal.hurry();
        }
        queue.add(new Entry(record, durable));
    }

    private void run() {
        List<Entry> group = new ArrayList<>();
        List<LiveRecord> records = new ArrayList<>();
        try {
            while (true) {
                group.clear();
                records.clear();
                Entry first = queue.take();
                if (first.equals(LAST)) {
                    return;
                }
                group.add(first);
                while (group.size() < MAX_GROUP && queue.peek() != null && !LAST.equals(queue.peek())) {
                    group.add(queue.remove());
                }
                for (Entry e : group) {
                    records.add(Objects.requireNonNull(e.record()));
                }
                journal.append(records);
                journal.sync();
                for (Entry e : group) {
                    e.durable().run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            fatal.accept(e);
        }
    }

    @Override
    public void close() {
        queue.add(LAST);
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
