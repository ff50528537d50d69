package io.linchpin.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import io.linchpin.cluster.membership.Roles;
import io.linchpin.posix.BootClock;
import io.linchpin.posix.Errno;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.ForwardingPosix;
import io.linchpin.store.bucket.BucketCheck;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.commit.CommitSettings;
import io.linchpin.store.commit.LocalShardStore;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.journal.JournalSettings;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.multipart.Attempt;
import io.linchpin.store.multipart.SentAttempt;
import io.linchpin.store.multipart.UploadDirectory;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.publish.PublishSettings;
import io.linchpin.store.recovery.Boot;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.staging.StagedPair;
import io.linchpin.store.staging.StagedUpload;
import io.linchpin.store.staging.Staging;
import io.linchpin.store.staging.StagingSettings;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The sweep on a real store: a node commits and dies; when do its leavings go? */
class SweepAgentTest {
    private static final Duration AFTER_DEATH = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Boot BOOT = new Boot(new UUID(0, 1), 1);
    private static final ObjectId OBJECT = new ObjectId(new BucketName("films"), new ObjectKey("cat"));
    private static final byte[] BODY = new byte[100_000];

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private final Set<Integer> descriptorsOfTheDead = ConcurrentHashMap.newKeySet();
    private final AtomicLong nowNanos = new AtomicLong();
    private final Semaphore looks = new Semaphore(0);
    private final Semaphore referenceQuestions = new Semaphore(0);

    @SuppressWarnings("NullAway.Init")
    private ActorTestKit kit;

    @AfterEach
    void shutDown() {
        if (kit != null) {
            kit.shutdownTestKit();
        }
    }

    @Test
    void leavingsGoAfterTheDeadlineTheTakeOverAndTheLastReference() throws Exception {
        makeDirectories();
        Posix posix = new NativePosix();
        Incarnation dead = commitAndDie(posix);
        StoreRoot root = StoreRoot.open(posix, dir);
        NodeLocks locks = NodeLocks.join(root, LinchpinNode::wallNanos, PATIENCE);
        try (root;
                locks;
                LocalShardStore store = open(root, locks.self())) {
            assertTrue(locks.isDead(dead));
            startAgents(root, locks, watched(store));

            awaitLooks();
            assertLeft(dead);

            nowNanos.addAndGet(AFTER_DEATH.toNanos() + 1);
            awaitLooks();
            assertLeft(dead);

            var shard = store.tryTake(0).orElseThrow();
            assertTrue(store.refersTo(dead), "the record that was taken over names its staged file");
            await(referenceQuestions, 3);
            assertLeft(dead);

            store.checkpoint();
            awaitSwept(dead);
            assertEquals(BODY.length, Files.size(dir.resolve("films/cat")));
            kit.shutdownTestKit();
            shard.giveUp();
        }
    }

    /** Node files are not synced, and staging directories are: a power cut may leave these without those. */
    @Test
    void leavingsGoAlsoOfALifeWhoseLockFileIsLost() throws Exception {
        makeDirectories();
        Posix posix = new NativePosix();
        Incarnation dead = commitAndDie(posix);
        Files.delete(dir.resolve(Names.NODES + "/" + dead));
        StoreRoot root = StoreRoot.open(posix, dir);
        NodeLocks locks = NodeLocks.join(root, LinchpinNode::wallNanos, PATIENCE);
        try (root;
                locks;
                LocalShardStore store = open(root, locks.self())) {
            startAgents(root, locks, watched(store));
            var shard = store.tryTake(0).orElseThrow();
            store.checkpoint();
            awaitLooks();
            assertEquals(List.of(Names.staging(dead), Names.journal(dead)), left(dead));

            nowNanos.addAndGet(AFTER_DEATH.toNanos() + 1);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!left(dead).isEmpty() && System.nanoTime() < deadline) {
                awaitLooks();
            }
            assertEquals(List.of(), left(dead));
            assertTrue(Files.exists(dir.resolve(Names.staging(locks.self()))));
            kit.shutdownTestKit();
            shard.giveUp();
        }
    }

    /** The completed object waits in the dead node's staging for who settles it. */
    @Test
    void leavingsStayWhileACompletionIsNotSettled() throws Exception {
        makeDirectories();
        Posix posix = new NativePosix();
        Incarnation dead = commitAndDie(posix);
        StoreRoot root = StoreRoot.open(posix, dir);
        NodeLocks locks = NodeLocks.join(root, LinchpinNode::wallNanos, PATIENCE);
        try (root;
                locks;
                LocalShardStore store = open(root, locks.self())) {
            UploadId upload = leaveSent(root, dead);
            startAgents(root, locks, watched(store));
            var shard = store.tryTake(0).orElseThrow();
            store.checkpoint();
            awaitLooks();
            nowNanos.addAndGet(AFTER_DEATH.toNanos() + 1);
            awaitLooks();
            awaitLooks();
            assertLeft(dead);

            new UploadStore(root).remove(OBJECT.bucket(), upload);
            awaitSwept(dead);
            kit.shutdownTestKit();
            shard.giveUp();
        }
    }

    /** An upload whose completion may have been sent, and of which no owner has heard. */
    private static UploadId leaveSent(StoreRoot root, Incarnation dead) throws IOException {
        UploadId upload = UploadId.of(3, 4);
        UploadStore uploads = new UploadStore(root);
        uploads.create(new UploadRecord(OBJECT, upload, 1, Instant.EPOCH, Map.of(), Map.of(), Map.of(), null, null));
        UploadId id = UploadId.of(5, 6);
        Mutation.Put put = new Mutation.Put(
                id, OBJECT, Preconditions.NONE, 1, 0, dead, 1, BODY.length, true, new ETag("0123"), null);
        try (UploadDirectory u = uploads.open(OBJECT.bucket(), upload).orElseThrow()) {
            u.begin(new Attempt(id, "digest"), UploadId.of(7, 1));
            u.markSent(new SentAttempt("digest", put, null), UploadId.of(7, 2));
        }
        return upload;
    }

    @Test
    void whatPutsTheSweepOffIsSaidOnce() throws Exception {
        makeDirectories();
        Posix posix = new NativePosix();
        Incarnation dead = commitAndDie(posix);
        AtomicBoolean readOnly = new AtomicBoolean(true);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        logged.start();
        logger.addAppender(logged);
        nowNanos.set(AFTER_DEATH.toNanos());
        StoreRoot root = StoreRoot.open(unlinkingNothing(posix, readOnly), dir);
        NodeLocks locks = NodeLocks.join(root, LinchpinNode::wallNanos, PATIENCE);
        try (root;
                locks;
                LocalShardStore store = open(root, locks.self())) {
            startAgents(root, locks, watched(store));
            var shard = store.tryTake(0).orElseThrow();
            readOnly.set(false);
            store.checkpoint();
            readOnly.set(true);
            awaitLooks();
            nowNanos.addAndGet(AFTER_DEATH.toNanos() + 1);
            await(referenceQuestions, 4);
            awaitLooks();
            readOnly.set(false);
            awaitSwept(dead);
            List<ILoggingEvent> warnings = List.copyOf(logged.list).stream()
                    .filter(e -> e.getFormattedMessage().contains("put off"))
                    .toList();
            assertEquals(1, warnings.size(), warnings::toString);
            assertTrue(warnings.getFirst().getFormattedMessage().contains("EROFS"), warnings::toString);
            assertEquals(Level.WARN, warnings.getFirst().getLevel());
            assertNull(warnings.getFirst().getThrowableProxy());
            kit.shutdownTestKit();
            shard.giveUp();
        } finally {
            logger.detachAppender(logged);
        }
    }

    private static Posix unlinkingNothing(Posix posix, AtomicBoolean readOnly) {
        return new ForwardingPosix() {
            @Override
            protected Posix delegate() {
                return posix;
            }

            @Override
            public int unlinkat(int dirFd, String path, int flags) {
                return readOnly.get() ? -Errno.EROFS : super.unlinkat(dirFd, path, flags);
            }
        };
    }

    private void awaitSwept(Incarnation dead) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Files.exists(dir.resolve(Names.NODES).resolve(dead.value())) && System.nanoTime() < deadline) {
            awaitLooks();
        }
        assertEquals(List.of(), left(dead));
    }

    private void makeDirectories() throws IOException {
        Files.createDirectory(dir.resolve("films"));
        for (String home :
                List.of(Names.SHARDS, Names.JOURNAL, Names.ODD, Names.SIDECARS, Names.DISPLACED, Names.BUCKETS)) {
            Files.createDirectories(dir.resolve(home));
        }
    }

    /** Commits one object from a durable staged file, and goes without giving its shard up. */
    private Incarnation commitAndDie(Posix posix) throws Exception {
        StoreRoot root = StoreRoot.open(mortal(posix), dir);
        NodeLocks locks = NodeLocks.join(root, LinchpinNode::wallNanos, PATIENCE);
        Staging staging = Staging.open(root, locks.self(), StagingSettings.DEFAULT, System::nanoTime);
        LocalShardStore store = open(root, locks.self());
        UploadId id = UploadId.of(1, 2);
        StagedUpload upload = staging.begin(id, BODY.length);
        upload.write(ByteBuffer.wrap(BODY));
        ETag etag = new ETag("0123");
        StagedPair pair = upload.finish(new Sidecar(
                OBJECT, id, 0, BODY.length, etag, Map.of(), Map.of(), Map.of(), Map.of(), null, List.of(), null));
        upload.giveAway();
        assertTrue(pair.durable());
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Mutation put = new Mutation.Put(
                id,
                OBJECT,
                Preconditions.NONE,
                BucketState.MADE_BY_HAND,
                BootClock.nanos() + PATIENCE.toNanos(),
                pair.stagedBy(),
                pair.inode(),
                pair.size(),
                true,
                etag,
                pair.sidecarBytes());
        store.tryTake(0).orElseThrow().submit(put, false, outcome::complete);
        assertInstanceOf(Outcome.Committed.class, outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        // Closing the store would checkpoint. Its threads wait for what never comes.
        descriptorsOfTheDead.forEach(posix::close);
        return locks.self();
    }

    /** Remembers what is open, to be closed all at once, as a process's end does. */
    private Posix mortal(Posix posix) {
        return proxy(Posix.class, posix, (method, result, args) -> {
            if (method.getName().startsWith("open") && (int) result >= 0) {
                descriptorsOfTheDead.add((Integer) result);
            } else if (method.getName().equals("close")) {
                descriptorsOfTheDead.remove((Integer) args[0]);
            }
        });
    }

    private ShardStore watched(ShardStore store) {
        return proxy(ShardStore.class, store, (method, _, _) -> {
            if (method.getName().equals("refersTo")) {
                referenceQuestions.release();
            }
        });
    }

    @FunctionalInterface
    private interface After {
        void called(Method method, Object result, Object[] args);
    }

    private static <T> T proxy(Class<T> type, T target, After after) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, args) -> {
            try {
                Object result = method.invoke(target, args);
                after.called(method, result, args);
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private static LocalShardStore open(StoreRoot root, Incarnation self) throws IOException {
        CommitSettings settings = new CommitSettings(
                JournalSettings.DEFAULT,
                new PublishSettings(0644, -1, -1, true),
                1,
                16,
                16,
                1 << 20,
                Duration.ofHours(1),
                true);
        return LocalShardStore.open(
                new LocalShardStore.Environment(
                        root,
                        self,
                        1,
                        BOOT,
                        BucketCheck.of(new BucketStates(root)),
                        LinchpinNode::wallNanos,
                        BootClock::nanos,
                        (why, cause) -> {
                            throw new AssertionError(why, cause);
                        }),
                settings);
    }

    private void startAgents(StoreRoot root, NodeLocks locks, ShardStore store) throws Exception {
        kit = ActorTestKit.create(ConfigFactory.parseString("""
                pekko.cluster.downing-provider-class = ""
                pekko.coordinated-shutdown.exit-jvm = off
                """)
                .withFallback(ConfigFactory.parseMap(Map.of("pekko.cluster.roles", List.of(Roles.of(locks.self())))))
                .withFallback(ConfigFactory.parseResources("linchpin/cluster.conf"))
                .withFallback(ConfigFactory.load()));
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!cluster.selfMember().status().equals(MemberStatus.up()) && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        NodeAgent.start(kit.system(), locks.self(), store, List::of, () -> 0);
        kit.spawn(SweepAgent.create(
                new SweepAgent.Sources(root, locks, store, AFTER_DEATH, this::look), Duration.ofMillis(200)));
    }

    private long look() {
        looks.release();
        return nowNanos.get();
    }

    /** Until the agent has looked, with what it does after a look, at least twice. */
    private void awaitLooks() throws InterruptedException {
        looks.drainPermits();
        await(looks, 3);
    }

    private static void await(Semaphore events, int count) throws InterruptedException {
        assertTrue(events.tryAcquire(count, PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    private void assertLeft(Incarnation dead) {
        assertEquals(List.of(Names.staging(dead), Names.journal(dead), Names.NODES + "/" + dead), left(dead));
    }

    private List<String> left(Incarnation dead) {
        return List.of(Names.staging(dead), Names.journal(dead), Names.NODES + "/" + dead).stream()
                .filter(path -> Files.exists(dir.resolve(path)))
                .toList();
    }
}
