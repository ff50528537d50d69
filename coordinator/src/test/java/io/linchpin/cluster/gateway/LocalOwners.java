package io.linchpin.cluster.gateway;

import com.typesafe.config.ConfigFactory;
import io.linchpin.cluster.bucket.BucketFiles;
import io.linchpin.cluster.bucket.BucketOwner;
import io.linchpin.cluster.bucket.ClosingBuckets;
import io.linchpin.cluster.bucket.RoutedBuckets;
import io.linchpin.cluster.multipart.LeftCompletions;
import io.linchpin.cluster.multipart.MultipartServices;
import io.linchpin.cluster.multipart.RoutedMultipart;
import io.linchpin.cluster.multipart.UploadSession;
import io.linchpin.cluster.node.NodeSettings;
import io.linchpin.cluster.object.Delivery;
import io.linchpin.cluster.object.ObjectOwner;
import io.linchpin.cluster.object.RoutedObjects;
import io.linchpin.cluster.shard.OwnerCommand;
import io.linchpin.cluster.shard.OwnerContext;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.cluster.shard.OwnerKind;
import io.linchpin.cluster.shard.Post;
import io.linchpin.cluster.shard.Question;
import io.linchpin.cluster.shard.ShardAgent;
import io.linchpin.posix.NativePosix;
import io.linchpin.store.bucket.BucketCheck;
import io.linchpin.store.bucket.BucketLife;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.commit.LocalShardStore;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.multipart.PartFile;
import io.linchpin.store.multipart.RangeCopy;
import io.linchpin.store.multipart.UploadCompletion;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.publish.PublishSettings;
import io.linchpin.store.staging.StagedPair;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/** All owners of one real store with two shards, in one process, without a cluster. */
final class LocalOwners implements Post {
    private static final int SHARDS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Incarnation SELF = Incarnation.of(1, 1);

    /** Parts of 64 KiB make a stride; no least size. */
    private static final MultipartServices.Settings SETTINGS = new MultipartServices.Settings(
            0,
            Duration.ofSeconds(10),
            new PartFile.Limits(64 << 10, 64 << 10, 1L << 40),
            Duration.ofHours(1),
            Duration.ofHours(24),
            Optional.of(Duration.ofDays(7)));

    final BucketStates states;
    final RoutedObjects objects;
    final RoutedBuckets buckets;
    final RoutedMultipart multipart;
    private final ActorTestKit kit = ActorTestKit.create();
    private final ExecutorService blocking = Executors.newCachedThreadPool();
    private final Random random = new Random(11);
    private final AtomicLong generations = new AtomicLong();
    private final StoreRoot root;
    private final LocalShardStore store;
    private final List<OwnedShard> shards = new ArrayList<>();
    private final Map<OwnerId, ActorRef<OwnerCommand>> refs = new ConcurrentHashMap<>();
    final MultipartServices services;
    private final BucketFiles bucketFiles;
    private final CountDownLatch lost = new CountDownLatch(1);
    private volatile Optional<UploadId> losing = Optional.empty();
    private volatile Optional<UploadId> dropping = Optional.empty();
    private volatile CompletableFuture<Boolean> drains = CompletableFuture.completedFuture(true);

    LocalOwners(Path dir) throws IOException {
        for (String home : List.of(
                Names.staging(SELF),
                Names.SHARDS,
                Names.JOURNAL,
                Names.ODD,
                Names.SIDECARS,
                Names.DISPLACED,
                Names.UPLOADS,
                Names.BUCKETS,
                Names.NODES)) {
            Files.createDirectories(dir.resolve(home));
        }
        root = StoreRoot.open(new NativePosix(), dir);
        states = new BucketStates(root);
        store = LocalShardStore.open(
                new LocalShardStore.Environment(
                        root,
                        SELF,
                        SHARDS,
                        BOOT,
                        BucketCheck.of(states),
                        LocalOwners::wall,
                        System::nanoTime,
                        (why, cause) -> {
                            throw new AssertionError(why, cause);
                        }),
                NodeSettings.load(Optional.empty(), ConfigFactory.parseString("linchpin.root = /unused"))
                        .store()
                        .commits(new PublishSettings(0644, -1, -1, true), true));
        for (int i = 0; i < SHARDS; i++) {
            shards.add(store.tryTake(i).orElseThrow());
        }
        objects = new RoutedObjects(
                this,
                (delay, run) -> kit.system()
                        .scheduler()
                        .scheduleOnce(delay, run, kit.system().executionContext()),
                System::nanoTime,
                RoutedObjects.Settings.DEFAULT,
                put -> CompletableFuture.runAsync(() -> StagedPair.discard(root, put.stagedBy(), put.id()), blocking));
        UploadCompletion completion = new UploadCompletion(root, SELF, _ -> false, new RangeCopy(true));
        services = new MultipartServices(
                new UploadStore(root),
                completion,
                _ -> Optional.empty(),
                blocking,
                InstantSource.system(),
                System::nanoTime,
                this::id,
                SETTINGS);
        BucketLife life =
                new BucketLife(root, SELF, states, InstantSource.system(), generations::incrementAndGet, this::id);
        bucketFiles = new BucketFiles(root, states, life, SHARDS);
        buckets = new RoutedBuckets(this);
        multipart = new RoutedMultipart(services, states::readLasting, SELF, this);
    }

    private static final io.linchpin.store.recovery.Boot BOOT =
            new io.linchpin.store.recovery.Boot(new java.util.UUID(1, 2), 3);

    private static long wall() {
        return System.currentTimeMillis() * 1_000_000L;
    }

    synchronized UploadId id() {
        return UploadId.of(random.nextLong(), random.nextLong());
    }

    long deadline() {
        return System.nanoTime() + PATIENCE.toNanos();
    }

    <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    @Override
    public <R> CompletionStage<R> ask(OwnerId id, Function<ActorRef<R>, Question> question, Duration timeout) {
        ActorRef<OwnerCommand> ref = refs.computeIfAbsent(id, this::spawn);
        CompletableFuture<Boolean> asking =
                id.kind() == OwnerKind.SHARD ? drains : CompletableFuture.completedFuture(true);
        return asking.thenCompose(
                _ -> AskPattern.ask(ref, question::apply, timeout, kit.system().scheduler()));
    }

    /** From now on no shard hears that it is to drain. */
    void holdDrains() {
        drains = new CompletableFuture<>();
    }

    void releaseDrains() {
        drains.complete(true);
    }

    /** As passivation and hand-over do. */
    void askToStop(BucketName bucket) {
        Objects.requireNonNull(refs.get(OwnerId.of(bucket))).tell(BucketOwner.Stop.NOW);
    }

    /** As the death of its node does. */
    void kill(BucketName bucket) {
        kit.stop(Objects.requireNonNull(refs.remove(OwnerId.of(bucket))));
    }

    ClosingBuckets closingBuckets() {
        return new ClosingBuckets(states, bucketFiles);
    }

    private ActorRef<OwnerCommand> spawn(OwnerId id) {
        ActorRef<ClusterSharding.ShardCommand> keeper =
                kit.<ClusterSharding.ShardCommand>createTestProbe().getRef();
        OwnerContext owner = new OwnerContext(id, shards.get(id.shard(SHARDS)), keeper);
        Behavior<? extends OwnerCommand> behavior = switch (id.kind()) {
            case OBJECT -> ObjectOwner.create(owner);
            case BUCKET -> BucketOwner.create(owner, bucketFiles, this, blocking);
            case MULTIPART -> UploadSession.create(owner, services, (m, resend) -> deliver(owner, m, resend));
            case SHARD -> ShardAgent.create(owner, SELF, blocking);
        };
        return kit.spawn(narrow(behavior));
    }

    @SuppressWarnings("unchecked")
    private static Behavior<OwnerCommand> narrow(Behavior<? extends OwnerCommand> behavior) {
        return (Behavior<OwnerCommand>) behavior;
    }

    private CompletionStage<Delivery> deliver(OwnerContext session, Mutation mutation, boolean resend) {
        if (dropping.filter(u -> session.id().equals(OwnerId.of(u))).isPresent()) {
            dropping = Optional.empty();
            lost.countDown();
            return new CompletableFuture<>();
        }
        CompletionStage<Delivery> delivery = objects.deliver(mutation, resend);
        if (losing.filter(u -> session.id().equals(OwnerId.of(u))).isEmpty()) {
            return delivery;
        }
        losing = Optional.empty();
        var _ = delivery.thenRun(lost::countDown);
        return new CompletableFuture<>();
    }

    /** The next answer of a key's owner to this upload's session is lost. */
    void loseDeliveries(UploadId upload) {
        losing = Optional.of(upload);
    }

    /** The next mutation that this upload's session sends never leaves it. */
    void dropMutation(UploadId upload) {
        dropping = Optional.of(upload);
    }

    /** As the oldest node does now and then. */
    int takeUpCompletions() {
        return join(LeftCompletions.look(services.store(), this, blocking));
    }

    void awaitLostDelivery() throws InterruptedException {
        if (!lost.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("nothing was lost");
        }
    }

    /** The session dies; the next question finds a new one. */
    void restart(UploadId upload) {
        ActorRef<OwnerCommand> old = refs.remove(OwnerId.of(upload));
        if (old != null) {
            kit.stop(old);
        }
    }

    static ETag md5(byte[] bytes) {
        try {
            return new ETag(
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes)));
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has MD5", e);
        }
    }

    void close() throws Exception {
        kit.shutdownTestKit();
        for (OwnedShard shard : shards) {
            shard.giveUp();
        }
        store.close();
        blocking.shutdownNow();
        root.close();
    }
}
