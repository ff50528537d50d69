package io.linchpin.cluster.gateway;

import io.linchpin.cluster.api.Buckets;
import io.linchpin.cluster.api.Gateway;
import io.linchpin.cluster.api.Multipart;
import io.linchpin.cluster.api.Objects;
import io.linchpin.cluster.bucket.BucketFiles;
import io.linchpin.cluster.bucket.BucketOwner;
import io.linchpin.cluster.bucket.ClosingBuckets;
import io.linchpin.cluster.bucket.RoutedBuckets;
import io.linchpin.cluster.multipart.LeftCompletions;
import io.linchpin.cluster.multipart.MultipartServices;
import io.linchpin.cluster.multipart.RoutedMultipart;
import io.linchpin.cluster.multipart.UploadSession;
import io.linchpin.cluster.multipart.UploadSweep;
import io.linchpin.cluster.multipart.UploadSweeper;
import io.linchpin.cluster.object.LossBell;
import io.linchpin.cluster.object.ObjectOwner;
import io.linchpin.cluster.object.RoutedObjects;
import io.linchpin.cluster.shard.OwnerBehaviors;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.cluster.shard.OwnerKind;
import io.linchpin.cluster.shard.OwnerSharding;
import io.linchpin.cluster.shard.Owners;
import io.linchpin.cluster.shard.Post;
import io.linchpin.cluster.shard.Question;
import io.linchpin.posix.PosixException;
import io.linchpin.store.bucket.BucketLife;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.multipart.Assembly;
import io.linchpin.store.multipart.RangeCopy;
import io.linchpin.store.multipart.UploadCompletion;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.read.Opened;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's way to all owners, and what its own owners are made with. Made before the actor system, for owners may be
 * called upon as soon as there is one; {@link #start} ends the making.
 */
public final class NodeGateway implements Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(NodeGateway.class);

    /**
     * What a node gives.
     *
     * @param deaths asked of nodes that may still be writing parts
     * @param shards the store's number
     * @param bootNanos CLOCK_BOOTTIME
     * @param generations of buckets: unique in the store's life, never 0
     * @param ids never the same one twice in the store's life
     * @param blocking runs file operations: what finds no thread free waits, perhaps until whose step it is has stopped
     * @param copyInKernel whether copy_file_range may be called
     */
    public record Environment(
            StoreRoot root,
            Incarnation self,
            Assembly.Deaths deaths,
            int shards,
            BucketStates buckets,
            ObjectReader reader,
            InstantSource clock,
            LongSupplier bootNanos,
            LongSupplier generations,
            Supplier<UploadId> ids,
            Executor blocking,
            boolean copyInKernel) {}

    private final MultipartServices services;
    private final BucketFiles bucketFiles;
    private final Environment environment;
    private final CompletableFuture<Post> post = new CompletableFuture<>();
    private final CompletableFuture<RoutedObjects> objects = new CompletableFuture<>();
    private final Buckets buckets;
    private final Multipart multipart;

    public NodeGateway(Environment e, MultipartServices.Settings settings) {
        this.environment = e;
        UploadCompletion completion =
                new UploadCompletion(e.root(), e.self(), e.deaths(), new RangeCopy(e.copyInKernel()));
        this.services = new MultipartServices(
                new UploadStore(e.root()),
                completion,
                object -> currentUpload(e.reader(), object),
                e.blocking(),
                e.clock(),
                e.bootNanos(),
                e.ids(),
                settings);
        BucketLife life = new BucketLife(e.root(), e.self(), e.buckets(), e.clock(), e.generations(), e.ids());
        this.bucketFiles = new BucketFiles(e.root(), e.buckets(), life, e.shards());
        Post late = new LatePost(post);
        this.buckets = new RoutedBuckets(late);
        this.multipart = new RoutedMultipart(services, e.buckets()::readLasting, e.self(), late);
    }

    private static Optional<UploadId> currentUpload(ObjectReader reader, ObjectId object) throws IOException {
        if (!(reader.open(object) instanceof Opened.Found(var found))) {
            return Optional.empty();
        }
        try (found) {
            return found.foreign()
                    ? Optional.empty()
                    : Optional.of(found.metadata().upload());
        }
    }

    /** The behaviors of objects, buckets and uploads, added to a node's others. */
    public OwnerBehaviors behaviors(OwnerBehaviors others) {
        Post late = new LatePost(post);
        return others.with(OwnerKind.OBJECT, ObjectOwner.Command.class, ObjectOwner::create)
                .with(
                        OwnerKind.BUCKET,
                        BucketOwner.Message.class,
                        BucketOwner.Stop.NOW,
                        owner -> BucketOwner.create(owner, bucketFiles, late, environment.blocking()))
                .with(
                        OwnerKind.MULTIPART,
                        UploadSession.Message.class,
                        owner -> UploadSession.create(
                                owner,
                                services,
                                (mutation, resend) -> objects.thenCompose(o -> o.deliver(mutation, resend))));
    }

    /** The owners can be reached now. Once only. */
    public void start(ActorSystem<?> system, Owners owners, RoutedObjects.Settings settings) {
        RoutedObjects routed = new RoutedObjects(
                owners::ask,
                (delay, run) -> system.scheduler().scheduleOnce(delay, run, system.executionContext()),
                environment.bootNanos(),
                settings,
                put -> CompletableFuture.runAsync(() -> discard(put), environment.blocking()));
        system.systemActorOf(
                UploadSweeper.create(
                        new UploadSweep(services, multipart, environment.buckets()::read),
                        services.clock(),
                        services.settings().sweepInterval()),
                "linchpin-upload-sweep",
                Props.empty());
        system.systemActorOf(
                ClosingBuckets.create(environment.buckets(), bucketFiles),
                "linchpin-closing-buckets",
                DispatcherSelector.fromConfig(OwnerSharding.DISPATCHER));
        ActorRef<LeftCompletions.Command> left = system.systemActorOf(
                LeftCompletions.create(services.store(), owners::ask, services.blocking()),
                "linchpin-left-completions",
                Props.empty());
        Runnable lost = () -> {
            routed.nodeLost();
            left.tell(LeftCompletions.Loss.HEARD);
        };
        system.systemActorOf(LossBell.create(lost), "linchpin-loss-bell", Props.empty());
        post.complete(owners::ask);
        objects.complete(routed);
    }

    private void discard(Mutation.Put put) {
        try {
            services.completion().discardUnlessJudged(put);
        } catch (PosixException e) {
            LOG.warn("the staged pair {} stays until this node ends", put.id(), e);
        }
    }

    /**
     * The way to objects.
     *
     * @throws IllegalStateException before {@link #start}
     */
    @Override
    public Objects objects() {
        RoutedObjects routed = objects.getNow(null);
        if (routed == null) {
            throw new IllegalStateException("the gateway has not been started");
        }
        return routed;
    }

    @Override
    public Buckets buckets() {
        return buckets;
    }

    @Override
    public Multipart multipart() {
        return multipart;
    }

    /** Questions wait until the owners can be reached. */
    private record LatePost(CompletableFuture<Post> post) implements Post {
        @Override
        public <R> CompletionStage<R> ask(OwnerId id, Function<ActorRef<R>, Question> question, Duration timeout) {
            return post.thenCompose(p -> p.ask(id, question, timeout));
        }
    }
}
