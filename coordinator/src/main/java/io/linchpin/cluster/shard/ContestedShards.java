package io.linchpin.cluster.shard;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Product;

/**
 * Ends this node where it keeps a shard that the cluster has placed elsewhere. Two regions can both believe that they host a
 * shard: one has its lock, and the other waits for it, for ever, because neither is ever told. So where a node waits long for a
 * shard's lock, each node that has that shard, or waits for it, asks the coordinator whose it is.
 *
 * <p>Question and answer are internal to Pekko: where a version does not have them, a contested shard is only told of.
 */
final class ContestedShards {
    private static final Logger LOG = LoggerFactory.getLogger(ContestedShards.class);
    private static final String QUESTION = "org.apache.pekko.cluster.sharding.ShardCoordinator$Internal$GetShardHome";
    private static final String ANSWER = "ShardHome";

    /** A node waits long for the lock of this shard. */
    record Contested(int shard) {}

    private final ActorContext<Object> context;
    private final ShardSetup setup;
    private final ActorRef region;
    private final LongSupplier nanoClock;
    private final Misplacement misplacement;

    private ContestedShards(ActorContext<Object> context, ShardSetup setup, ActorRef region, LongSupplier nanoClock) {
        this.context = context;
        this.setup = setup;
        this.region = region;
        this.nanoClock = nanoClock;
        this.misplacement = new Misplacement(setup.waits().limit());
    }

    /**
     * The behavior, which takes {@link Contested}.
     *
     * @param region this node's
     */
    static Behavior<Object> create(ShardSetup setup, ActorRef region, LongSupplier nanoClock) {
        return Behaviors.setup(context -> {
            ContestedShards shards = new ContestedShards(context, setup, region, nanoClock);
            return Behaviors.receive(Object.class)
                    .onMessage(Contested.class, contested -> shards.ask(contested.shard()))
                    .onMessage(Product.class, shards::answered)
                    .onAnyMessage(_ -> Behaviors.same())
                    .build();
        });
    }

    /** What the coordinator is asked; empty where this version of Pekko has no such question. */
    static Optional<Object> question(int shard) {
        try {
            return Optional.of(
                    Class.forName(QUESTION).getConstructor(String.class).newInstance(Integer.toString(shard)));
        } catch (ReflectiveOperationException e) {
            LOG.warn("cannot ask where shard {} belongs: {}", shard, e.toString());
            return Optional.empty();
        }
    }

    private Behavior<Object> ask(int shard) {
        if (tenure(shard).isPresent()) {
            // One of the members has the coordinator; the others have nobody at its path.
            question(shard).ifPresent(question -> {
                for (Member member : Cluster.get(context.getSystem()).state().getMembers()) {
                    Adapter.toClassic(context.getSystem())
                            .actorSelection(member.address() + CoordinatorKick.COORDINATOR)
                            .tell(question, Adapter.toClassic(context.getSelf()));
                }
            });
        }
        return Behaviors.same();
    }

    private Behavior<Object> answered(Product answer) {
        if (!answer.productPrefix().equals(ANSWER)
                || !(answer.productElement(0) instanceof String id)
                || !(answer.productElement(1) instanceof ActorRef home)) {
            return Behaviors.same();
        }
        int shard = Integer.parseInt(id);
        tenure(shard).ifPresent(tenure -> {
            if (misplacement.answered(shard, tenure, home.equals(region), nanoClock.getAsLong())) {
                setup.fatal()
                        .stop(
                                "shard " + shard + " is here (" + tenure + "), but the cluster has placed it on "
                                        + home,
                                null);
            }
        });
        return Behaviors.same();
    }

    /** The shard's stay here, held or waited for; empty where it is not here at all. */
    private Optional<String> tenure(int shard) {
        return setup.owned()
                .find(shard)
                .map(owned -> "held in epoch " + owned.epoch())
                .or(() -> {
                    var since = setup.waits().since(shard);
                    return since.isPresent() ? Optional.of("waited for since " + since.getAsLong()) : Optional.empty();
                });
    }
}
