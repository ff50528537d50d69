package io.linchpin.cluster.node;

import com.typesafe.config.Config;
import io.linchpin.store.commit.CommitSettings;
import io.linchpin.store.journal.JournalSettings;
import io.linchpin.store.publish.PublishSettings;
import java.time.Duration;

/** What an operator may set of how a node commits; described in {@code conf/store.conf}. */
public record StoreSettings(
        JournalSettings journal,
        int publishers,
        int maxPendingPerKey,
        int maxInFlight,
        long maxInlineBytes,
        Duration checkpointInterval) {
    /** A record has 4 MiB at most, and two of the largest fit into a segment. */
    private static final int LEAST_SEGMENT_BYTES = 16 << 20;

    private static final int MOST_SEGMENT_BYTES = 1 << 30;

    static StoreSettings of(Config linchpin) {
        return new StoreSettings(
                new JournalSettings(
                        Math.toIntExact(Ranges.bytes(
                                linchpin, "store.journal.segment-size", LEAST_SEGMENT_BYTES, MOST_SEGMENT_BYTES, 4096)),
                        Ranges.integer(linchpin, "store.journal.max-segments", 2, 256)),
                Ranges.integer(linchpin, "store.publishers", 1, 64),
                Ranges.integer(linchpin, "store.max-pending-per-key", 1, 65_536),
                Ranges.integer(linchpin, "store.max-in-flight", 1, 1_048_576),
                Ranges.bytes(linchpin, "store.max-inline-size", 1 << 20, 4L << 30, 1),
                Ranges.duration(linchpin, "store.checkpoint-interval", Duration.ofMillis(100), Duration.ofHours(1)));
    }

    /** As the engine takes them, for a filesystem that was probed. */
    public CommitSettings commits(PublishSettings publish, boolean syncfs) {
        return new CommitSettings(
                journal,
                publish,
                publishers,
                maxPendingPerKey,
                maxInFlight,
                maxInlineBytes,
                checkpointInterval,
                syncfs);
    }
}
