package io.linchpin.http;

import io.linchpin.cluster.api.Gateway;
import io.linchpin.cluster.gateway.NodeGateway;
import io.linchpin.cluster.multipart.MultipartServices;
import io.linchpin.cluster.node.LinchpinNode;
import io.linchpin.cluster.object.RoutedObjects;
import io.linchpin.cluster.shard.OwnerBehaviors;
import io.linchpin.cluster.shard.Owners;
import io.linchpin.posix.BootClock;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/** Gives the gateway what it works with: made with the owners' behaviors, started when owners can be asked. */
final class NodeWiring {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Executor sessions;
    private final AtomicReference<@Nullable NodeGateway> gateway = new AtomicReference<>();

    /** The executor is for the long file operations of buckets and uploads. */
    NodeWiring(Executor sessions) {
        this.sessions = sessions;
    }

    static UploadId randomId() {
        return UploadId.of(RANDOM.nextLong(), RANDOM.nextLong());
    }

    OwnerBehaviors behaviors(LinchpinNode.Seed seed) {
        NodeGateway made = new NodeGateway(
                new NodeGateway.Environment(
                        seed.root(),
                        seed.locks().self(),
                        seed.locks()::isDead,
                        seed.shards(),
                        new BucketStates(seed.root()),
                        new ObjectReader(seed.root()),
                        Clock.systemUTC(),
                        BootClock::nanos,
                        generations(seed.locks().self().slot()),
                        NodeWiring::randomId,
                        sessions,
                        seed.config().getBoolean("linchpin.http.copy-file-range")),
                MultipartServices.Settings.of(seed.config()));
        gateway.set(made);
        return made.behaviors(new OwnerBehaviors());
    }

    /** Unique in the store's life and never 0: nanoseconds, the low bits of which are the node's slot. */
    private static LongSupplier generations(int slot) {
        AtomicLong last = new AtomicLong();
        return () -> last.updateAndGet(before -> {
            Instant now = Instant.now();
            long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
            return Math.max(before + Stamp.SLOTS, (nanos & -Stamp.SLOTS) | slot);
        });
    }

    /** The owners can be asked from now on. */
    void reachable(ActorSystem<?> system, Owners owners) {
        made().start(system, owners, RoutedObjects.Settings.DEFAULT);
    }

    /** The way to the owners. */
    Gateway gateway() {
        return made();
    }

    private NodeGateway made() {
        NodeGateway made = gateway.get();
        if (made == null) {
            throw new IllegalStateException("the owners' behaviors were not made");
        }
        return made;
    }
}
