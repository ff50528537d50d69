package io.linchpin.store.multipart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.ForwardingPosix;
import io.linchpin.store.commit.Mutation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A completion that is refused has destroyed no part that is prepared, and waits to be committed behind it. */
class AssemblyTest {
    private static final byte[] FIRST = bytes("the first part..");
    private static final byte[] SECOND = bytes("the second part.");
    private static final byte[] THIRD = bytes("the third part..");
    private static final byte[] FOURTH = bytes("the fourth part.");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** As an ingress that has asked the session to commit the part, and has no answer yet. */
    private static UploadDirectory.Prepared prepare(Uploads uploads, int number, byte[] bytes) throws Exception {
        try (PartFile part = uploads.openPart(number, bytes.length)) {
            part.write(ByteBuffer.wrap(bytes));
            return part.prepare(Uploads.md5(bytes), Uploads.crc(bytes), Uploads.NOW);
        }
    }

    private static void commit(Uploads uploads, UploadDirectory.Prepared prepared) throws Exception {
        try (UploadDirectory u = uploads.open()) {
            assertTrue(u.commit(List.of(prepared)).getFirst().isPresent());
        }
    }

    private static Mutation.Put complete(Uploads uploads, byte[]... parts) throws Exception {
        List<CompletionPlan.Listed> listed = new ArrayList<>();
        for (byte[] part : parts) {
            listed.add(Uploads.listed(listed.size() + 1, part));
        }
        return uploads.complete(assertInstanceOf(CompletionPlan.Plan.class, uploads.plan(0, listed)), false);
    }

    private static void refuse(Uploads uploads, Mutation.Put put) throws Exception {
        try (UploadDirectory u = uploads.open()) {
            u.reopen();
        }
        Files.delete(uploads.staged(put));
    }

    private static byte[] object(byte[]... parts) {
        ByteBuffer whole = ByteBuffer.allocate(parts.length * FIRST.length);
        List.of(parts).forEach(whole::put);
        return whole.array();
    }

    @Test
    void aPartThatWaitsBehindARefusedCompletionKeepsItsBytes() throws Exception {
        try (Uploads uploads = new Uploads(dir, new Random(1))) {
            uploads.put(1, FIRST);
            uploads.put(2, SECOND);
            UploadDirectory.Prepared waiting = prepare(uploads, 3, THIRD);
            refuse(uploads, complete(uploads, FIRST, SECOND));
            commit(uploads, waiting);
            // Makes the base file long enough again.
            uploads.put(4, FOURTH);
            Mutation.Put put = complete(uploads, FIRST, SECOND, THIRD, FOURTH);
            assertArrayEquals(object(FIRST, SECOND, THIRD, FOURTH), Files.readAllBytes(uploads.staged(put)));
        }
    }

    /** Its number was sent twice: the other one was faster, and has a file of its own. */
    @Test
    void aPartThatWaitsIsNotOverwrittenByAnotherOfItsNumber() throws Exception {
        try (Uploads uploads = new Uploads(dir, new Random(2))) {
            uploads.put(1, FIRST);
            UploadDirectory.Prepared waiting = prepare(uploads, 2, THIRD);
            uploads.put(2, SECOND);
            refuse(uploads, complete(uploads, FIRST, SECOND));
            commit(uploads, waiting);
            Mutation.Put put = complete(uploads, FIRST, THIRD);
            assertArrayEquals(object(FIRST, THIRD), Files.readAllBytes(uploads.staged(put)));
        }
    }

    /** The node that took the part in has died since, before it could say that it writes no more. */
    @Test
    void aPartOfADeadNodeThatWaitsKeepsItsBytes() throws Exception {
        try (Uploads uploads = new Uploads(dir, new Random(3))) {
            uploads.put(1, FIRST);
            uploads.put(2, SECOND);
            UploadDirectory.Prepared waiting = prepare(uploads, 3, THIRD);
            Files.writeString(uploads.file(UploadFiles.claim(waiting.number())), Uploads.DYING + "\n");
            uploads.dead.add(Uploads.DYING);
            refuse(uploads, complete(uploads, FIRST, SECOND));
            commit(uploads, waiting);
            uploads.put(4, FOURTH);
            Mutation.Put put = complete(uploads, FIRST, SECOND, THIRD, FOURTH);
            assertArrayEquals(object(FIRST, SECOND, THIRD, FOURTH), Files.readAllBytes(uploads.staged(put)));
        }
    }

    /** A part that was taken back, or broke off, is in nobody's way. */
    @Test
    void theBaseFileIsMovedWhereNoPartWaits() throws Exception {
        try (Uploads uploads = new Uploads(dir, new Random(4))) {
            uploads.put(1, FIRST);
            uploads.put(2, SECOND);
            try (PartFile part = uploads.openPart(3, THIRD.length)) {
                part.write(ByteBuffer.wrap(THIRD));
                part.prepare(Uploads.md5(THIRD), Uploads.crc(THIRD), Uploads.NOW);
                assertTrue(part.withdraw());
            }
            uploads.openPart(4, FOURTH.length).close();
            Mutation.Put put = complete(uploads, FIRST, SECOND);
            assertEquals(2, Files.getAttribute(uploads.staged(put), "unix:nlink"));
            assertArrayEquals(object(FIRST, SECOND), Files.readAllBytes(uploads.staged(put)));
        }
    }

    /** Has a look taken before each call, as a completion may at any moment. */
    private static final class Moments extends ForwardingPosix {
        private final Posix real = new NativePosix();
        private Runnable look = () -> {};

        @Override
        protected Posix delegate() {
            look.run();
            return real;
        }
    }

    @Test
    void aClaimHasNotEndedBeforeTheRecordIsThere() throws Exception {
        Moments moments = new Moments();
        try (Uploads uploads = new Uploads(dir, new Random(5), moments);
                PartFile part = uploads.openPart(1, FIRST.length)) {
            part.write(ByteBuffer.wrap(FIRST));
            Path claim = uploads.file(UploadFiles.claim(part.number()));
            Path record = uploads.file(UploadFiles.prepared(part.partId()));
            moments.look = () -> assertTrue(!hasEnded(claim) || Files.exists(record));
            part.prepare(Uploads.md5(FIRST), Uploads.crc(FIRST), Uploads.NOW);
            moments.look = () -> {};
            assertTrue(hasEnded(claim));
        }
    }

    private static boolean hasEnded(Path claim) {
        try {
            return Arrays.equals(Files.readAllBytes(claim), PartFile.ENDED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
