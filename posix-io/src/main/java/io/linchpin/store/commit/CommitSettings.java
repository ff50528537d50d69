package io.linchpin.store.commit;

import io.linchpin.store.journal.JournalSettings;
import io.linchpin.store.publish.PublishSettings;
import java.time.Duration;

/**
 * Limits and sizes of the owner's work.
 *
 * @param journal segment size and number
 * @param publish how published files look
 * @param publishers threads that publish, 1 to 64; more only helps where the filesystem is slow to rename
 * @param maxPendingPerKey mutations of one key judged and not yet answered, 1 to 65,536; Busy beyond
 * @param maxInFlight mutations of one node judged and not yet answered, 1 to 1,048,576; Busy beyond
 * @param maxInlineBytes bytes of small objects in flight on one node, 1 MiB to 4 GiB; Busy beyond
 * @param checkpointInterval time between checkpoints while there is something to retire, 100 ms to 1 h
 * @param syncfs whether syncfs(2) of this filesystem can be trusted; else a checkpoint fsyncs each file and directory
 */
public record CommitSettings(
        JournalSettings journal,
        PublishSettings publish,
        int publishers,
        int maxPendingPerKey,
        int maxInFlight,
        long maxInlineBytes,
        Duration checkpointInterval,
        boolean syncfs) {
    public CommitSettings {
        require(publishers >= 1 && publishers <= 64, "publishers");
        require(maxPendingPerKey >= 1 && maxPendingPerKey <= 65_536, "max-pending-per-key");
        require(maxInFlight >= 1 && maxInFlight <= 1_048_576, "max-in-flight");
        require(maxInlineBytes >= 1L << 20 && maxInlineBytes <= 4L << 30, "max-inline-bytes");
        long millis = checkpointInterval.toMillis();
        require(millis >= 100 && millis <= 3_600_000, "checkpoint-interval");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what + " is out of range");
        }
    }
}
