package io.linchpin.cluster.bucket;

import io.linchpin.cluster.membership.Oldest;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.value.BucketName;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Opens buckets again whose deletion was cut short, by the death of its owner say: until then they would take no upload. Of
 * those whose directory had gone already it removes the rest. Every node has one, and only that of the oldest member acts.
 * A deletion that still goes on, however slowly, finds the bucket open and gives up; what it removes it removes under the
 * lock that opening takes too.
 */
public final class ClosingBuckets {
    /** A look and the next. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /** Seen closing in so many looks, one after the other: a deletion drains for 4 s at most before it removes or gives up. */
    private static final int LOOKS = 3;

    private enum Tick {
        NOW
    }

    private final BucketStates states;
    private final BucketFiles files;
    private final Map<BucketName, Seen> seen = new HashMap<>();

    private record Seen(long generation, int looks) {}

    public ClosingBuckets(BucketStates states, BucketFiles files) {
        this.states = states;
        this.files = files;
    }

    /** Does short file operations: to be run on the owners' dispatcher. */
    public static Behavior<?> create(BucketStates states, BucketFiles files) {
        return Behaviors.<Tick>setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.NOW, INTERVAL);
            ClosingBuckets closing = new ClosingBuckets(states, files);
            return Behaviors.receiveMessage(_ -> {
                closing.tick(context);
                return Behaviors.same();
            });
        }));
    }

    private void tick(ActorContext<Tick> context) {
        try {
            if (!Oldest.isSelf(Cluster.get(context.getSystem()))) {
                seen.clear();
                return;
            }
            for (BucketName opened : look()) {
                context.getLog().info("a deletion of bucket {} was cut short: the bucket is open again", opened);
            }
        } catch (IOException e) {
            context.getLog().warn("buckets that may be closing are looked at later: {}", e.toString());
        }
    }

    /** Looks once; the buckets that were opened again. */
    public Set<BucketName> look() throws IOException {
        Map<BucketName, Seen> now = new HashMap<>();
        Map<BucketName, Seen> due = new HashMap<>();
        for (BucketState state : states.closing()) {
            if (!states.isThere(state.name())) {
                // A deletion under way has the lock that this takes.
                files.finishRemoval(state.name());
                continue;
            }
            Seen before = seen.get(state.name());
            int looks = before != null && before.generation == state.generation() ? before.looks + 1 : 1;
            Seen looked = new Seen(state.generation(), looks);
            (looked.looks >= LOOKS ? due : now).put(state.name(), looked);
        }
        seen.clear();
        seen.putAll(now);
        for (BucketName name : due.keySet()) {
            files.recover(name, () -> false);
        }
        return due.keySet();
    }
}
