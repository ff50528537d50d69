package io.linchpin.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.linchpin.cluster.api.BucketOutcome;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.bucket.BucketOwner;
import io.linchpin.cluster.multipart.UploadSession;
import io.linchpin.cluster.node.NodeAgent;
import io.linchpin.cluster.object.ObjectOwner;
import io.linchpin.cluster.shard.LongWaits;
import io.linchpin.cluster.shard.NotHeard;
import io.linchpin.cluster.shard.ShardAgent;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Every message that crosses nodes goes there and back, by the serializer that production is set up with. */
class WireMessagesTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.parseString("""
            pekko.actor.provider = local
            pekko.cluster.downing-provider-class = ""
            pekko.coordinated-shutdown.exit-jvm = off
            """)
            .withFallback(ConfigFactory.parseResources("linchpin/cluster.conf"))
            .withFallback(ConfigFactory.load()));
    private static final UploadId ID = UploadId.of(Long.MIN_VALUE, -1);
    private static final ETag TAG = new ETag("0123");
    private static final ObjectId OBJECT =
            new ObjectId(new BucketName("films"), new ObjectKey("\u00fc/\ud83d\ude00//."));
    private static final Preconditions CONDITIONS =
            new Preconditions(List.of(TAG), List.of(Preconditions.ANY), Instant.ofEpochSecond(9), 3L);
    private static final Checksum SUM = Checksum.full(ChecksumAlgorithm.CRC32C, new byte[] {1, 2, 3, 4});
    private static final Incarnation LIFE = Incarnation.of(3, 0x18ea77129ec50983L);
    private static final Mutation.Put PUT =
            new Mutation.Put(ID, OBJECT, CONDITIONS, 7, Long.MIN_VALUE, LIFE, 9, 10, true, TAG, null);

    @AfterAll
    static void end() {
        KIT.shutdownTestKit();
    }

    private static <T> ActorRef<T> ref(Class<T> type) {
        return KIT.createTestProbe(type).ref();
    }

    /** Made and used on one node. */
    private static final Set<Class<?>> STAY =
            Set.of(MultipartOutcome.Opened.class, MultipartOutcome.Parts.class, MultipartOutcome.Uploads.class);

    private static List<Object> messages() {
        List<Object> messages = new ArrayList<>(agentsMessages());
        messages.addAll(ownersMessages());
        messages.addAll(uploadsOutcomes());
        return messages;
    }

    private static List<Object> agentsMessages() {
        return List.of(
                new ShardAgent.WhoServes(ref(ShardAgent.Serving.class)),
                new ShardAgent.Drain(ref(ShardAgent.Drained.class)),
                new ShardAgent.Serving(63, Long.MAX_VALUE, LIFE, 7),
                new ShardAgent.Drained(0, 1),
                new NotHeard("dropped"),
                new NodeAgent.Report(ref(NodeAgent.Reported.class)),
                new NodeAgent.RefersTo(9, List.of(LIFE), ref(NodeAgent.References.class)),
                new NodeAgent.Reported(
                        LIFE,
                        2,
                        new ShardStore.JournalStatus(1, 2, 3, 4, 5),
                        List.of(new LongWaits.LongWait(7, 11, "nobody holds it"))),
                new NodeAgent.References(9, LIFE, List.of(LIFE)),
                new Outcome.Committed(new Stamp(-1), new ETag("0123"), Instant.ofEpochSecond(1, 2)),
                new Outcome.Deleted(true),
                new Outcome.PreconditionFailed("If-Match"),
                new Outcome.NoSuchKey(),
                new Outcome.NoSuchBucket(),
                new Outcome.Busy(Outcome.Wait.LOAD, "queues are full"),
                new Outcome.Failed(28, "pwrite"),
                new Outcome.Unknown());
    }

    private static List<Object> ownersMessages() {
        return List.of(
                new ObjectOwner.Mutate(PUT, true, ref(ObjectOwner.Answer.class)),
                new ObjectOwner.Told(new Outcome.Deleted(true)),
                new ObjectOwner.UnderWay(),
                new ObjectOwner.Rest(),
                new BucketOwner.Create("eu-central-1", ref(BucketOutcome.class)),
                new BucketOwner.Delete(ref(BucketOutcome.class)),
                new BucketOutcome.Created(Long.MAX_VALUE),
                new BucketOutcome.AlreadyExists(""),
                new BucketOutcome.Removed(),
                new BucketOutcome.NotEmpty(),
                new BucketOutcome.NoSuchBucket(),
                new BucketOutcome.Busy("shards moved"),
                new BucketOutcome.Failed(28, "mkdirat"),
                new BucketOutcome.Unknown(),
                new UploadSession.CommitPart(OBJECT.bucket(), new PartNumber(10_000), ID, ref(MultipartOutcome.class)),
                new UploadSession.Complete(OBJECT, ID, CONDITIONS, 5L << 40, SUM, ref(MultipartOutcome.class)),
                new UploadSession.Complete(OBJECT, ID, Preconditions.NONE, null, null, ref(MultipartOutcome.class)),
                new UploadSession.Abort(OBJECT, ref(MultipartOutcome.class)),
                new UploadSession.TakeUp(OBJECT.bucket(), ref(MultipartOutcome.class)));
    }

    private static List<Object> uploadsOutcomes() {
        return List.of(
                new MultipartOutcome.Created(ID),
                new MultipartOutcome.Stored(TAG, SUM, Instant.ofEpochSecond(1, 2)),
                new MultipartOutcome.Stored(TAG, null, Instant.EPOCH),
                new MultipartOutcome.Completed(TAG, SUM, 5L << 40),
                new MultipartOutcome.Aborted(),
                new MultipartOutcome.NoSuchUpload(),
                new MultipartOutcome.NoSuchBucket(),
                new MultipartOutcome.NoSuchKey(),
                new MultipartOutcome.InvalidPart(3, TAG),
                new MultipartOutcome.InvalidPartOrder(),
                new MultipartOutcome.PartTooSmall(3, TAG, 5),
                new MultipartOutcome.ObjectTooLarge(Long.MAX_VALUE),
                new MultipartOutcome.SizeMismatch(4),
                new MultipartOutcome.ChecksumMismatch(SUM),
                new MultipartOutcome.ChecksumMismatch(null),
                new MultipartOutcome.PreconditionFailed("If-None-Match"),
                new MultipartOutcome.Busy("too many requests of one upload"),
                new MultipartOutcome.Failed(28, "pwrite"),
                new MultipartOutcome.Unknown());
    }

    private static List<Mutation> mutations() {
        return List.of(
                PUT,
                new Mutation.Delete(ID, OBJECT, CONDITIONS, 7, 8),
                new Mutation.SetTags(ID, OBJECT, Preconditions.NONE, 7, 8, Map.of("colour", "red", "\u00e9", "")));
    }

    private static Object thereAndBack(Object message) {
        Serialization serialization = SerializationExtension.get(KIT.system());
        SerializerWithStringManifest serializer =
                (SerializerWithStringManifest) serialization.findSerializerFor(message);
        assertTrue(serializer.getClass().getName().contains("Cbor"), message.getClass() + ": " + serializer);
        byte[] bytes = serialization.serialize(message).get();
        return serialization
                .deserialize(bytes, serializer.identifier(), serializer.manifest(message))
                .get();
    }

    private static Mutation thereAndBack(Mutation mutation) {
        Object mutate = thereAndBack(new ObjectOwner.Mutate(mutation, false, ref(ObjectOwner.Answer.class)));
        return ((ObjectOwner.Mutate) mutate).mutation();
    }

    @Test
    void everyMutationComesBackEqual() {
        for (Mutation mutation : mutations()) {
            assertEquals(mutation, thereAndBack(mutation));
        }
        // Arrays are equal by identity.
        byte[] sidecar = {0, -1, 127};
        Mutation put = new Mutation.Put(ID, OBJECT, CONDITIONS, 7, 8, LIFE, 9, 10, false, TAG, sidecar);
        assertArrayEquals(sidecar, ((Mutation.Put) thereAndBack(put)).sidecar());
    }

    @Test
    void everyReasonToWaitComesBack() {
        for (Outcome.Wait wait : Outcome.Wait.values()) {
            Outcome busy = new Outcome.Busy(wait, "");
            assertEquals(busy, thereAndBack((Object) busy));
        }
    }

    @Test
    void eachMessageComesBackEqualThroughCbor() {
        for (Object message : messages()) {
            assertEquals(message, thereAndBack(message));
        }
    }

    @Test
    void noKindOfASealedHierarchyIsLeftOut() {
        Set<Class<?>> tried = new HashSet<>();
        messages().forEach(message -> tried.add(message.getClass()));
        mutations().forEach(mutation -> tried.add(mutation.getClass()));
        List<Class<?>> leftOut = new ArrayList<>();
        for (Class<?> sealed : List.of(
                ShardAgent.Command.class,
                NodeAgent.Command.class,
                ObjectOwner.Command.class,
                BucketOwner.Command.class,
                UploadSession.Command.class,
                Mutation.class,
                Outcome.class,
                BucketOutcome.class,
                MultipartOutcome.class)) {
            for (Class<?> kind : kinds(sealed)) {
                if (!tried.contains(kind) && !STAY.contains(kind)) {
                    leftOut.add(kind);
                }
            }
        }
        assertEquals(List.of(), leftOut);
    }

    /** The records at the ends of a sealed hierarchy. */
    private static Set<Class<?>> kinds(Class<?> sealed) {
        if (!sealed.isSealed()) {
            return Set.of(sealed);
        }
        Set<Class<?>> kinds = new HashSet<>();
        for (Class<?> kind : sealed.getPermittedSubclasses()) {
            kinds.addAll(kinds(kind));
        }
        return kinds;
    }
}
