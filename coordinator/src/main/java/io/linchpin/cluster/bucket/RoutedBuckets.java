package io.linchpin.cluster.bucket;

import io.linchpin.cluster.api.BucketOutcome;
import io.linchpin.cluster.api.Buckets;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.cluster.shard.Post;
import io.linchpin.cluster.shard.Question;
import io.linchpin.cluster.shard.RepeatedAsk;
import io.linchpin.store.value.BucketName;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Brings changes of buckets to their owners. Each is asked once: a repeat of a creation that worked would be answered as
 * a bucket that was there before.
 */
public final class RoutedBuckets implements Buckets {
    /** A deletion drains all shards (4 s) and may wait for another change before it. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final RepeatedAsk once;

    public RoutedBuckets(Post post) {
        this.once = new RepeatedAsk(post, LIMIT, LIMIT);
    }

    @Override
    public CompletionStage<BucketOutcome.OfCreate> create(BucketName name, String region) {
        return ask(name, replyTo -> new BucketOwner.Create(region, replyTo))
                .handle((outcome, _) ->
                        outcome instanceof BucketOutcome.OfCreate known ? known : new BucketOutcome.Unknown());
    }

    @Override
    public CompletionStage<BucketOutcome.OfDelete> delete(BucketName name) {
        return ask(name, BucketOwner.Delete::new)
                .handle((outcome, _) ->
                        outcome instanceof BucketOutcome.OfDelete known ? known : new BucketOutcome.Unknown());
    }

    private CompletionStage<BucketOutcome> ask(BucketName name, Function<ActorRef<BucketOutcome>, Question> question) {
        return once.ask(OwnerId.of(name), question);
    }
}
