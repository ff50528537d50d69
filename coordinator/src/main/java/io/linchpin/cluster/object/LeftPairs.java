package io.linchpin.cluster.object;

import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.cluster.shard.Post;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The staged pairs of mutations that no owner answered and whose senders were told so: those of a node that stood still, say.
 * Their messages may be lost with it, and then nobody would remove what is staged before this node ends. So each is asked
 * about once it is too late for it to be judged, until an owner says what has become of it.
 *
 * <p>One at a time, and seldom while nobody answers: what is asked of a shard that is not served waits in a bounded buffer,
 * beside what clients wait for.
 */
final class LeftPairs {
    /** More are not remembered: they go with the staging directory of this node's life. */
    static final int MOST = 16_384;

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Post post;
    private final RoutedObjects.Timer timer;
    private final LongSupplier bootNanos;
    private final RoutedObjects.Discard discard;
    private final ArrayDeque<Mutation.Put> left = new ArrayDeque<>();
    private boolean asking;

    LeftPairs(Post post, RoutedObjects.Timer timer, LongSupplier bootNanos, RoutedObjects.Discard discard) {
        this.post = post;
        this.timer = timer;
        this.bootNanos = bootNanos;
        this.discard = discard;
    }

    synchronized void add(Mutation.Put put) {
        if (left.size() >= MOST) {
            return;
        }
        left.add(withoutBytes(put));
        if (!asking) {
            asking = true;
            later();
        }
    }

    /** What is asked about is not judged any more: its sidecar need not wait in memory. */
    private static Mutation.Put withoutBytes(Mutation.Put put) {
        return new Mutation.Put(
                put.id(),
                put.object(),
                put.preconditions(),
                put.bucketGeneration(),
                put.deadlineBootNanos(),
                put.stagedBy(),
                put.inode(),
                put.size(),
                put.durable(),
                put.etag(),
                null);
    }

    private void later() {
        var _ = timer.after(PAUSE, this::next);
    }

    private synchronized void next() {
        Mutation.Put first = left.peek();
        if (first == null) {
            asking = false;
            return;
        }
        if (bootNanos.getAsLong() - first.deadlineBootNanos() <= 0) {
            later();
            return;
        }
        left.remove();
        BiConsumer<ObjectOwner.@Nullable Answer, @Nullable Throwable> then = (answer, _) -> answered(first, answer);
        var _ = post.<ObjectOwner.Answer>ask(
                        OwnerId.of(first.object()), replyTo -> new ObjectOwner.Mutate(first, true, replyTo), PAUSE)
                .whenComplete(then);
    }

    private synchronized void answered(Mutation.Put put, ObjectOwner.@Nullable Answer answer) {
        if (!(answer instanceof ObjectOwner.Told(Outcome outcome)) || isForNow(outcome)) {
            left.add(put);
            later();
            return;
        }
        if (outcome instanceof Outcome.Busy) {
            var _ = discard.pairOf(put);
        }
        // Else it was judged: the pair is its owner's.
        next();
    }

    private static boolean isForNow(Outcome outcome) {
        return outcome instanceof Outcome.Busy busy && busy.until() != Outcome.Wait.NOTHING;
    }
}
