package io.linchpin.cluster.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.cluster.shard.NotHeardException;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.cluster.shard.Post;
import io.linchpin.cluster.shard.Question;
import io.linchpin.posix.Fd;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.staging.OpenPair;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sender does with each answer, and with none, by a clock and a post that the test holds. */
class RoutedObjectsTest {
    private static final Mutation.Put PUT = new Mutation.Put(
            UploadId.of(1, 2),
            new ObjectId(new BucketName("films"), new ObjectKey("cat")),
            Preconditions.NONE,
            7,
            Long.MAX_VALUE,
            Incarnation.of(1, 1),
            12,
            3,
            false,
            new ETag("0123"),
            new byte[] {1});
    private static final Sidecar SIDECAR = new Sidecar(
            PUT.object(), PUT.id(), 0, 0, PUT.etag(), Map.of(), Map.of(), Map.of(), Map.of(), null, List.of(), null);
    private static final Mutation.Delete DELETE =
            new Mutation.Delete(UploadId.of(1, 3), PUT.object(), Preconditions.NONE, 7, Long.MAX_VALUE);
    private static final Outcome MOVING = new Outcome.Busy(Outcome.Wait.CHANGE, "moving");
    private static final Outcome COMMITTED = new Outcome.Committed(new Stamp(64), PUT.etag(), new Stamp(64).instant());
    private static final Outcome FULL = new Outcome.Busy(Outcome.Wait.LOAD, "full");

    private final List<CompletableFuture<ObjectOwner.Answer>> sent = new ArrayList<>();
    private final List<Boolean> resends = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();
    private final List<Mutation.Put> discarded = new ArrayList<>();
    private long nowNanos;
    private final RoutedObjects objects = routed(8);

    private RoutedObjects routed(int maxInFlight) {
        return new RoutedObjects(
                new HeldPost(),
                (_, run) -> {
                    timers.add(run);
                    return new Forgotten();
                },
                () -> nowNanos,
                new RoutedObjects.Settings(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(50),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(1),
                        maxInFlight),
                put -> {
                    discarded.add(put);
                    return CompletableFuture.completedFuture(true);
                });
    }

    /** Keeps every question; the test answers. */
    private final class HeldPost implements Post {
        @Override
        @SuppressWarnings({"unchecked", "NullAway"})
        public <R> CompletionStage<R> ask(OwnerId id, Function<ActorRef<R>, Question> question, Duration timeout) {
            resends.add(((ObjectOwner.Mutate) question.apply(null)).resend());
            CompletableFuture<ObjectOwner.Answer> answer = new CompletableFuture<>();
            sent.add(answer);
            return (CompletionStage<R>) answer;
        }
    }

    private static final class Forgotten implements Cancellable {
        @Override
        public boolean cancel() {
            return true;
        }

        @Override
        public boolean isCancelled() {
            return true;
        }
    }

    private void tick(Duration later) {
        nowNanos += later.toNanos();
        timers.removeLast().run();
    }

    @Test
    void aFullQueueIsToldAtOnceAndThePairGoes() {
        var result = objects.mutate(PUT).toCompletableFuture();
        sent.getFirst().complete(new ObjectOwner.Told(FULL));
        assertEquals(FULL, result.join());
        assertEquals(List.of(PUT), discarded);
        assertEquals(1, sent.size());
    }

    @Test
    void aMovingShardIsTriedAgain() {
        var result = objects.mutate(PUT).toCompletableFuture();
        sent.getFirst().complete(new ObjectOwner.Told(MOVING));
        assertFalse(result.isDone());
        tick(Duration.ofMillis(200));
        sent.get(1).complete(new ObjectOwner.Told(new Outcome.PreconditionFailed("If-Match")));
        assertEquals(new Outcome.PreconditionFailed("If-Match"), result.join());
        assertTrue(discarded.isEmpty(), "the owner removes the pair of a mutation that it refused");
    }

    @Test
    void whatOnlyEverMetAMovingShardIsBusyInTheEndAndThePairGoes() {
        var result = objects.mutate(PUT).toCompletableFuture();
        sent.getFirst().complete(new ObjectOwner.Told(MOVING));
        tick(Duration.ofSeconds(5));
        assertEquals(MOVING, result.join());
        assertEquals(List.of(PUT), discarded);
    }

    @Test
    void aShardThatMovesForLongIsWaitedForAsLongAsItIsSaidToMove() {
        var result = objects.mutate(PUT).toCompletableFuture();
        tick(Duration.ofSeconds(1));
        tick(Duration.ofSeconds(3));
        sent.get(2).complete(new ObjectOwner.Told(MOVING));
        tick(Duration.ofSeconds(1));
        assertFalse(result.isDone(), "5 s after the first message, but 1 s after the last word of it");
        sent.get(3).complete(new ObjectOwner.Told(COMMITTED));
        assertEquals(COMMITTED, result.join());
    }

    @Test
    void withOneMessageUnansweredNobodyCanTellAndThePairStays() {
        var result = objects.mutate(PUT).toCompletableFuture();
        tick(Duration.ofSeconds(1));
        assertEquals(2, sent.size());
        sent.get(1).complete(new ObjectOwner.Told(FULL));
        assertFalse(result.isDone(), "the first message may have been heard");
        tick(Duration.ofSeconds(5));
        assertEquals(new Outcome.Unknown(), result.join());
        assertTrue(discarded.isEmpty());
    }

    @Test
    void whatIsOpenOfAPairGoesWithAMessageThatIsTheOnlyOne(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("staged"));
        Fd data = Fd.open(new NativePosix(), Posix.AT_FDCWD, file.toString(), Posix.O_RDWR, 0, 0);
        OpenPair open = new OpenPair(data, new byte[0], SIDECAR);
        var _ = objects.mutate(new Mutation.Put(
                PUT.id(),
                PUT.object(),
                PUT.preconditions(),
                PUT.bucketGeneration(),
                PUT.deadlineBootNanos(),
                PUT.stagedBy(),
                PUT.inode(),
                PUT.size(),
                PUT.durable(),
                PUT.etag(),
                PUT.sidecar(),
                open));
        assertTrue(data.isOpen());
        sent.getFirst().complete(new ObjectOwner.Told(MOVING));
        tick(Duration.ofMillis(200));
        assertTrue(data.isOpen(), "certainly nobody has judged it: the second message is the only one again");
        tick(Duration.ofSeconds(1));
        assertEquals(3, sent.size());
        assertFalse(data.isOpen(), "who hears two is to look whether the files are still there");
    }

    @Test
    void aSessionsPairIsItsOwnToRemove() {
        var delivery = objects.deliver(PUT, false).toCompletableFuture();
        sent.getFirst().complete(new ObjectOwner.Told(FULL));
        assertEquals(new Delivery(FULL, true, true), delivery.join());
        assertTrue(discarded.isEmpty());
    }

    @Test
    void aNodeWithTooMuchInFlightSendsNothingAndRemovesThePair() {
        Outcome outcome = routed(0).mutate(PUT).toCompletableFuture().join();
        assertEquals(Outcome.Wait.LOAD, outcome instanceof Outcome.Busy busy ? busy.until() : outcome.getClass());
        assertTrue(sent.isEmpty());
        assertEquals(List.of(PUT), discarded);
    }

    @Test
    void whatReachedNobodyIsSentAnewAndNotAsARepeat() {
        var result = objects.mutate(DELETE).toCompletableFuture();
        sent.getFirst().completeExceptionally(new CompletionException(new NotHeardException("dropped")));
        tick(Duration.ofMillis(200));
        assertEquals(List.of(false, false), resends);
        sent.get(1).complete(new ObjectOwner.Told(new Outcome.Deleted(true)));
        assertEquals(new Outcome.Deleted(true), result.join());
    }

    @Test
    void anOwnerThatDoesNotKnowARepeatLeavesItToTheFirstMessage() {
        var result = objects.mutate(DELETE).toCompletableFuture();
        tick(Duration.ofSeconds(1));
        sent.get(1).complete(new ObjectOwner.Told(new Outcome.Unknown()));
        assertFalse(result.isDone(), "the first message may be answered yet");
        sent.get(0).completeExceptionally(new NotHeardException("dropped"));
        tick(Duration.ofMillis(200));
        assertEquals(List.of(false, true, false), resends);
        sent.get(2).complete(new ObjectOwner.Told(new Outcome.Deleted(false)));
        assertEquals(new Outcome.Deleted(false), result.join());
    }

    @Test
    void aRepeatThatNobodyKnowsIsUnknownWhereTheFirstMessageIsNotAnswered() {
        var result = objects.mutate(DELETE).toCompletableFuture();
        tick(Duration.ofSeconds(1));
        sent.get(1).complete(new ObjectOwner.Told(new Outcome.Unknown()));
        tick(Duration.ofSeconds(4));
        assertEquals(new Outcome.Unknown(), result.join());
    }

    @Test
    void anOwnerWhoseDiskIsSlowIsWaitedFor() {
        var result = objects.mutate(DELETE).toCompletableFuture();
        for (int second = 1; second <= 20; second++) {
            tick(Duration.ofSeconds(1));
            sent.getLast().complete(new ObjectOwner.UnderWay());
        }
        assertFalse(result.isDone());
        sent.getFirst().complete(new ObjectOwner.Told(new Outcome.Deleted(true)));
        assertEquals(new Outcome.Deleted(true), result.join());
    }

    @Test
    void butNotForEver() {
        var result = objects.mutate(DELETE).toCompletableFuture();
        for (int second = 1; second <= 50 && !result.isDone(); second++) {
            tick(Duration.ofSeconds(1));
            sent.getLast().complete(new ObjectOwner.UnderWay());
        }
        assertEquals(new Outcome.Unknown(), result.join());
    }

    @Test
    void aPairThatNobodyHasJudgedInTheEndGoesThoughItsSenderWasToldUnknown() {
        var result = objects.mutate(PUT).toCompletableFuture();
        tick(Duration.ofSeconds(1));
        tick(Duration.ofSeconds(5));
        assertEquals(new Outcome.Unknown(), result.join());
        Outcome late = new Outcome.Busy(Outcome.Wait.NOTHING, "the deadline has passed");
        sent.get(0).complete(new ObjectOwner.Told(late));
        assertTrue(discarded.isEmpty(), "the second message may be heard yet");
        sent.get(1).complete(new ObjectOwner.Told(late));
        assertEquals(List.of(PUT), discarded);
    }

    /** Its owner stood still, say, and the messages died with it. */
    @Test
    void aPairThatNoOwnerAnsweredForIsAskedAboutOnceItIsTooLateToJudgeIt() {
        Mutation.Put left = leaveUnanswered();
        tick(Duration.ofSeconds(3));
        assertEquals(2, sent.size(), "it may be judged yet");
        tick(Duration.ofSeconds(5));
        assertEquals(List.of(false, true, true), resends);
        sent.getLast().completeExceptionally(new TimeoutException());
        tick(Duration.ofSeconds(5));
        sent.getLast().complete(new ObjectOwner.Told(MOVING));
        assertTrue(discarded.isEmpty());
        tick(Duration.ofSeconds(5));
        sent.getLast()
                .complete(new ObjectOwner.Told(new Outcome.Busy(Outcome.Wait.NOTHING, "the deadline has passed")));
        assertEquals(
                List.of(left.id()), discarded.stream().map(Mutation.Put::id).toList());
    }

    @Test
    void aPairThatWasLeftAndHasBeenJudgedIsItsOwners() {
        leaveUnanswered();
        tick(Duration.ofSeconds(6));
        sent.getLast().complete(new ObjectOwner.Told(COMMITTED));
        assertTrue(discarded.isEmpty());
        assertTrue(timers.isEmpty(), "nothing more is asked");
    }

    /** A PUT that may be judged for 10 s, and was given up after 6. */
    private Mutation.Put leaveUnanswered() {
        Mutation.Put put = new Mutation.Put(
                PUT.id(),
                PUT.object(),
                PUT.preconditions(),
                PUT.bucketGeneration(),
                Duration.ofSeconds(10).toNanos(),
                PUT.stagedBy(),
                PUT.inode(),
                PUT.size(),
                PUT.durable(),
                PUT.etag(),
                PUT.sidecar());
        var result = objects.mutate(put).toCompletableFuture();
        tick(Duration.ofSeconds(1));
        tick(Duration.ofSeconds(5));
        assertEquals(new Outcome.Unknown(), result.join());
        return put;
    }

    @Test
    void aPairThatSomebodyHasJudgedAfterAllStays() {
        var result = objects.mutate(PUT).toCompletableFuture();
        tick(Duration.ofSeconds(1));
        tick(Duration.ofSeconds(5));
        assertEquals(new Outcome.Unknown(), result.join());
        sent.get(0).complete(new ObjectOwner.UnderWay());
        sent.get(1).complete(new ObjectOwner.Told(FULL));
        assertTrue(discarded.isEmpty());
    }

    @Test
    void ofASessionsMutationNothingIsRemovedLate() {
        var delivery = objects.deliver(PUT, false).toCompletableFuture();
        tick(Duration.ofSeconds(5));
        assertEquals(new Delivery(new Outcome.Unknown(), false, false), delivery.join());
        sent.getFirst().complete(new ObjectOwner.Told(FULL));
        assertTrue(discarded.isEmpty());
    }

    @Test
    void aRepeatThatNoOwnerWasAskedForWasRefusedByNone() {
        var full = routed(0).deliver(PUT, true).toCompletableFuture();
        assertEquals(new Delivery(new Outcome.Unknown(), false, false), full.join());

        var unheard = objects.deliver(PUT, true).toCompletableFuture();
        sent.getFirst().completeExceptionally(new NotHeardException("dropped"));
        tick(Duration.ofSeconds(5));
        assertEquals(new Delivery(new Outcome.Unknown(), false, false), unheard.join());
    }

    @Test
    void anOwnerThatIsAtWorkHasNotRefused() {
        var delivery = objects.deliver(PUT, true).toCompletableFuture();
        sent.getFirst().complete(new ObjectOwner.Told(MOVING));
        tick(Duration.ofSeconds(1));
        sent.get(1).complete(new ObjectOwner.UnderWay());
        tick(Duration.ofSeconds(5));
        assertEquals(new Delivery(new Outcome.Unknown(), false, false), delivery.join());
    }
}
