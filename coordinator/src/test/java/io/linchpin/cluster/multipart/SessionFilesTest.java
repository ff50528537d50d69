package io.linchpin.cluster.multipart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.cluster.object.Delivery;
import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.posix.sim.ForwardingPosix;
import io.linchpin.posix.sim.PowerCutChoice;
import io.linchpin.posix.sim.SimulatedCrash;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SyscallHook;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.multipart.CompletionPlan;
import io.linchpin.store.multipart.PartFile;
import io.linchpin.store.multipart.RangeCopy;
import io.linchpin.store.multipart.SentAttempt;
import io.linchpin.store.multipart.UploadCompletion;
import io.linchpin.store.multipart.UploadDirectory;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.staging.Staging;
import io.linchpin.store.staging.StagingSettings;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A completion that comes to its end, or does not, and who may say so. */
class SessionFilesTest {
    private static final Incarnation SELF = Incarnation.of(0, 1);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final ObjectId FILM = new ObjectId(new BucketName("box"), new ObjectKey("film"));
    private static final UploadId UPLOAD = UploadId.of(7, 7);
    private static final ETag MD5 = new ETag("0".repeat(32));

    /** Parts of 8 bytes make a stride. */
    private static final PartFile.Limits SMALL = new PartFile.Limits(8, 8, 1 << 20);

    private static final Set<String> MARKS = Set.of("completing.json", "sent.json");

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration ASSEMBLY = Duration.ofSeconds(20);
    private static final Delivery REFUSED = new Delivery(new Outcome.Unknown(), false, true);
    private static final Delivery REFUSED_FOR_GOOD =
            new Delivery(new Outcome.PreconditionFailed("If-None-Match"), true, false);

    private final SimulatedDisk disk = new SimulatedDisk();
    private String failing = "nothing";
    private long ids;
    private long nowNanos;
    private String slow = "nothing";

    private final Posix posix = new ForwardingPosix() {
        @Override
        protected Posix delegate() {
            return disk;
        }

        @Override
        public int openat2(int dirFd, String path, int flags, int mode, long resolve) {
            if (path.endsWith(slow)) {
                nowNanos += ASSEMBLY.toNanos();
            }
            return path.endsWith(failing) ? -Errno.ENOSPC : super.openat2(dirFd, path, flags, mode, resolve);
        }
    };

    @SuppressWarnings("NullAway.Init")
    private StoreRoot root;

    @SuppressWarnings("NullAway.Init")
    private UploadStore store;

    @BeforeEach
    void openAnUploadWithAPart() throws Exception {
        root = StoreRoot.open(posix, Path.of("/"));
        StoreFormat.initialize(root);
        Staging.open(root, SELF, StagingSettings.DEFAULT, () -> 0).close();
        store = new UploadStore(root);
        store.create(new UploadRecord(FILM, UPLOAD, 1, NOW, Map.of(), Map.of(), Map.of(), null, null));
        put(1, 3, PartFile.Limits.DEFAULT);
    }

    private void put(int number, int bytes, PartFile.Limits limits) throws Exception {
        try (PartFile part = PartFile.open(open(), SELF, new PartNumber(number), bytes, limits, this::id)) {
            part.write(ByteBuffer.wrap(new byte[bytes]));
            try (UploadDirectory u = open()) {
                u.commit(List.of(part.prepare(MD5, null, NOW)));
            }
        }
    }

    private UploadDirectory open() throws Exception {
        return store.open(FILM.bucket(), UPLOAD).orElseThrow();
    }

    private UploadId id() {
        return UploadId.of(1, ++ids);
    }

    private SessionFiles session() {
        return session(() -> false);
    }

    private SessionFiles session(BooleanSupplier stopped) {
        MultipartServices.Settings settings = new MultipartServices.Settings(
                1, DEADLINE, PartFile.Limits.DEFAULT, Duration.ofHours(1), Duration.ofHours(1), Optional.empty());
        return new SessionFiles(
                new MultipartServices(
                        store,
                        new UploadCompletion(root, SELF, dead -> false, new RangeCopy(true, 0)),
                        object -> Optional.empty(),
                        Runnable::run,
                        InstantSource.fixed(NOW),
                        () -> nowNanos,
                        this::id,
                        settings),
                UPLOAD,
                stopped);
    }

    /** Nobody is answered here. */
    @SuppressWarnings("NullAway")
    private UploadSession.Complete request() throws Exception {
        UploadId list = id();
        try (UploadDirectory u = open()) {
            u.leaveList(list, List.of(new CompletionPlan.Listed(new PartNumber(1), MD5, null)));
        }
        return new UploadSession.Complete(FILM, list, Preconditions.NONE, null, null, null);
    }

    /** Nobody is answered here. */
    @SuppressWarnings("NullAway")
    private static UploadSession.Abort abort() {
        return new UploadSession.Abort(FILM, null);
    }

    private List<String> staged() throws Exception {
        String path = Names.staging(SELF);
        try (Fd staging = Fd.adopt(posix, root.openDirectory(path), path)) {
            return FileIo.list(staging).stream().map(DirEntry::name).toList();
        }
    }

    @Test
    void aPairThatWasNeverSentIsRemoved() throws Exception {
        failing = ".sent.json";
        assertThrows(PosixException.class, () -> session().begin(request()));
        assertEquals(List.of(), staged());
        try (UploadDirectory u = open()) {
            assertTrue(u.attempt().isEmpty() && u.sent().isEmpty());
        }
        failing = "nothing";
        assertInstanceOf(CompletionStep.Send.class, session().begin(request()));
        assertEquals(2, staged().size());
    }

    @Test
    void ofAPairThatWasJudgedTheDataIsKept() throws Exception {
        var send = assertInstanceOf(CompletionStep.Send.class, session().begin(request()));
        Mutation.Put put = send.sent().put();
        UploadCompletion completion = new UploadCompletion(root, SELF, dead -> false, new RangeCopy(true, 0));
        String sidecar = Names.staging(SELF) + "/" + Names.stagedSidecar(put.id());
        String moved = Names.staging(SELF) + "/judged";
        assertEquals(0, posix.renameat2(root.fd(), sidecar, root.fd(), moved, 0));
        completion.discardUnlessJudged(put);
        assertTrue(staged().contains(Names.stagedData(put.id())));
        assertEquals(0, posix.renameat2(root.fd(), moved, root.fd(), sidecar, 0));
        completion.discardUnlessJudged(put);
        assertEquals(List.of(), staged());
    }

    @Test
    void aStepDoesNotWaitForAnotherSessionsWhenItsOwnHasStopped() throws Exception {
        try (UploadDirectory _ =
                store.openForSession(FILM.bucket(), UPLOAD, Duration.ZERO).orElseThrow()) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertThrows(
                            SessionFiles.Stopped.class,
                            () -> session(() -> true).recover(FILM.bucket())));
        }
    }

    @Test
    void aCompletionThatIsAssembledForLongMayBeJudgedAfterwards() throws Exception {
        slow = ".meta";
        var send = assertInstanceOf(CompletionStep.Send.class, session().begin(request()));
        assertEquals(ASSEMBLY.toNanos(), nowNanos);
        assertEquals(nowNanos + DEADLINE.toNanos(), send.sent().put().deadlineBootNanos());
    }

    /** Long after its deadline, by an owner that does not know it. */
    private CompletionStep refusedLate(SentAttempt sent) throws Exception {
        nowNanos = sent.put().deadlineBootNanos() + Duration.ofMinutes(2).toNanos();
        return session().settle(sent, REFUSED);
    }

    private SentAttempt sent() throws Exception {
        return assertInstanceOf(CompletionStep.Send.class, session().begin(request()))
                .sent();
    }

    @Test
    void aCompletionThatNobodyHasJudgedIsOpenAgain() throws Exception {
        CompletionStep step = refusedLate(sent());
        assertInstanceOf(CompletionStep.Answer.class, step);
        assertEquals(List.of(), staged());
        try (UploadDirectory u = open()) {
            assertTrue(u.attempt().isEmpty() && u.outcome().isEmpty());
        }
    }

    /** The owner's word is enough: nobody need wait for messages that may be under way. */
    @Test
    void aCompletionThatCameTooLateIsOpenAgainAtOnce() throws Exception {
        SentAttempt sent = sent();
        CompletionStep step = session().settle(sent, new Delivery(new Outcome.Unknown(), false, true, true));
        assertInstanceOf(CompletionStep.Answer.class, step);
        assertEquals(List.of(), staged());
        assertInstanceOf(CompletionStep.Send.class, session().begin(request()));
    }

    @Test
    void onlyWhoTookACompletionUpLastSettlesIt() throws Exception {
        SentAttempt sent = sent();
        Delivery busy = new Delivery(new Outcome.Busy(Outcome.Wait.LOAD, "full"), true, true);
        SessionFiles next = session();
        SentAttempt takenUp = next.recover(FILM.bucket()).orElseThrow();
        assertEquals(
                new CompletionStep.Answer(new MultipartOutcome.Unknown()),
                session().settle(sent, busy));
        assertEquals(2, staged().size());
        try (UploadDirectory u = open()) {
            assertEquals(takenUp, u.sent().orElseThrow());
        }
        assertEquals(new CompletionStep.Answer(new MultipartOutcome.Busy("full")), next.settle(takenUp, busy));
        assertEquals(List.of(), staged());
    }

    private static Delivery committed(SentAttempt sent) {
        return new Delivery(new Outcome.Committed(new Stamp(5), sent.put().etag(), NOW), true, false);
    }

    /** Dies once the outcome has its name, and before that is durable. */
    private void endAndDie(SentAttempt sent) throws Exception {
        boolean[] renamed = {false};
        disk.process().hook((_, call, path, _) -> {
            if (renamed[0]) {
                throw new SimulatedCrash("before the directory is synced");
            }
            renamed[0] = call.equals("renameat2") && path.endsWith("outcome.json");
            return SyscallHook.PROCEED;
        });
        assertThrows(SimulatedCrash.class, () -> session().settle(sent, committed(sent)));
        disk.kill();
        reopen();
    }

    private void reopen() throws Exception {
        root = StoreRoot.open(posix, Path.of("/"));
        store = new UploadStore(root);
    }

    /** The object is a link of the base file: a part in its slot there would be written into the object. */
    @Test
    void anUploadThatHasEndedIsNotOpenAgainAfterAPowerCut() throws Exception {
        put(1, 8, SMALL);
        endAndDie(sent());
        assertEquals(Optional.empty(), session().recover(FILM.bucket()));
        // The removal of the marks lasts, and nothing else that was not durable.
        disk.powerCut((_, _, name, candidates) -> MARKS.contains(name) ? candidates - 1 : 0);
        reopen();
        try (PartFile late = PartFile.open(open(), SELF, new PartNumber(2), 8, SMALL, this::id)) {
            assertFalse(late.isInBase());
        }
    }

    @Test
    void whoIsToldThatAnUploadHasEndedIsNotToldOtherwiseAfterAPowerCut() throws Exception {
        UploadSession.Complete request = request();
        SentAttempt sent = assertInstanceOf(CompletionStep.Send.class, session().begin(request))
                .sent();
        endAndDie(sent);
        var told = assertInstanceOf(CompletionStep.Answer.class, session().begin(request));
        assertInstanceOf(MultipartOutcome.Completed.class, told.outcome());
        disk.powerCut(PowerCutChoice.OLDEST);
        reopen();
        try (UploadDirectory u = open()) {
            assertTrue(u.outcome().isPresent());
        }
    }

    /** Its session was stopped while it waited for a thread; the next one has begun, and sent, the same. */
    @Test
    void aStepLeftBehindDoesNotTakeACompletionFromTheNextSession() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        SessionFiles old = session(stopped::get);
        assertEquals(Optional.empty(), old.recover(FILM.bucket()));
        stopped.set(true);
        SessionFiles next = session();
        UploadSession.Complete request = request();
        SentAttempt sent =
                assertInstanceOf(CompletionStep.Send.class, next.begin(request)).sent();
        assertThrows(SessionFiles.Stopped.class, () -> old.begin(request));
        assertThrows(SessionFiles.Stopped.class, () -> old.recover(FILM.bucket()));
        assertThrows(SessionFiles.Stopped.class, () -> old.commit(FILM.bucket(), List.of()));
        assertThrows(SessionFiles.Stopped.class, () -> old.settle(sent, REFUSED_FOR_GOOD));
        assertThrows(SessionFiles.Stopped.class, () -> old.abort(abort()));
        assertThrows(SessionFiles.Stopped.class, () -> old.free(FILM.bucket()));
        var ended = assertInstanceOf(CompletionStep.Ended.class, next.settle(sent, committed(sent)));
        assertInstanceOf(MultipartOutcome.Completed.class, ended.outcome());
        try (UploadDirectory u = open()) {
            assertTrue(u.outcome().isPresent());
        }
    }

    @Test
    void aCompletionThatAnotherHasInHandIsNotBegunAgain() throws Exception {
        UploadSession.Complete request = request();
        SentAttempt sent = assertInstanceOf(CompletionStep.Send.class, session().begin(request))
                .sent();
        assertEquals(
                new CompletionStep.Answer(new MultipartOutcome.Unknown()),
                session().begin(request));
        try (UploadDirectory u = open()) {
            assertEquals(sent.put().id(), u.attempt().orElseThrow().mutation());
            assertEquals(sent.put().id(), u.sent().orElseThrow().put().id());
        }
        assertEquals(2, staged().size());
    }

    /** It may have been committed, and replaced since: to complete it again would bring it back. */
    @Test
    void aCompletionThatSomebodyHadJudgedIsNotOpenAgain() throws Exception {
        SentAttempt sent = sent();
        root.posix()
                .unlinkat(
                        root.fd(),
                        Names.staging(SELF) + "/"
                                + Names.stagedSidecar(sent.put().id()),
                        0);
        CompletionStep step = refusedLate(sent);
        assertEquals(new CompletionStep.Ended(new MultipartOutcome.Unknown(), FILM.bucket()), step);
        try (UploadDirectory u = open()) {
            assertTrue(u.outcome().isPresent());
        }
        assertEquals(1, staged().size(), "the data may be needed for a replay");
    }
}
