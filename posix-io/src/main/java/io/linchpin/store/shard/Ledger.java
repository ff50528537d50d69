package io.linchpin.store.shard;

import io.linchpin.store.value.Incarnation;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a shard's file remembers of its owners.
 *
 * @param epoch raised by one each time the shard is taken
 * @param floor records of a smaller epoch are retired, wherever they stand
 * @param stampFloor every stamp given in this shard so far is smaller: one beyond it is only given once a larger floor
 *     is durable
 * @param journals the journals that may hold records of the shard that are not retired, at most {@link #MAX_JOURNALS}
 * @param replayedBoot the boot in which the shard was last replayed, or null
 * @param replayedMount the mount of that replay
 */
public record Ledger(
        long epoch,
        long floor,
        long stampFloor,
        Set<Incarnation> journals,
        @Nullable UUID replayedBoot,
        long replayedMount) {
    /** Journals that a ledger can name: {@value}. */
    public static final int MAX_JOURNALS = LedgerCodec.MAX_JOURNALS;

    /** Of a shard that nobody has ever owned. */
    public static final Ledger NEW = new Ledger(0, 0, 0, Set.of(), null, 0);

    public Ledger {
        journals = Set.copyOf(journals);
    }

    public Ledger withEpoch(long newEpoch) {
        return new Ledger(newEpoch, floor, stampFloor, journals, replayedBoot, replayedMount);
    }

    public Ledger withFloor(long newFloor) {
        return new Ledger(epoch, newFloor, stampFloor, journals, replayedBoot, replayedMount);
    }

    public Ledger withStampFloor(long newStampFloor) {
        return new Ledger(epoch, floor, newStampFloor, journals, replayedBoot, replayedMount);
    }

    public Ledger withJournals(Set<Incarnation> newJournals) {
        return new Ledger(epoch, floor, stampFloor, newJournals, replayedBoot, replayedMount);
    }

    public Ledger withReplay(UUID boot, long mount) {
        return new Ledger(epoch, floor, stampFloor, journals, boot, mount);
    }

    public boolean isReplayedIn(UUID boot, long mount) {
        return boot.equals(replayedBoot) && replayedMount == mount;
    }
}
