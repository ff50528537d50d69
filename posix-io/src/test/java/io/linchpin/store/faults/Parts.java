package io.linchpin.store.faults;

import io.linchpin.posix.PosixException;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.multipart.Attempt;
import io.linchpin.store.multipart.CompletionPlan;
import io.linchpin.store.multipart.PartFile;
import io.linchpin.store.multipart.PartRecord;
import io.linchpin.store.multipart.RangeCopy;
import io.linchpin.store.multipart.SentAttempt;
import io.linchpin.store.multipart.UploadCompletion;
import io.linchpin.store.multipart.UploadDirectory;
import io.linchpin.store.multipart.UploadOutcome;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.PartNumber;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** What an upload's session does with the one upload in progress. */
final class Parts {
    /** Stride from 8 bytes on, in units of 8; the base file ends at 400. */
    private static final PartFile.Limits LIMITS = new PartFile.Limits(8, 8, 400);

    private Parts() {}

    static Verdict put(FaultNode node, int number, int bytes) throws Exception {
        byte[] body = String.valueOf((char) ('a' + number)).repeat(bytes).getBytes(StandardCharsets.UTF_8);
        UploadDirectory upload = node.uploads().open(World.BOX, World.UPLOAD).orElseThrow();
        UploadDirectory.Prepared prepared;
        try (PartFile part = PartFile.open(upload, node.incarnation, new PartNumber(number), bytes, LIMITS, node::id)) {
            part.write(ByteBuffer.wrap(body));
            prepared = part.prepare(new ETag(String.format("%032x", number)), crc(body), node.now());
            try (UploadDirectory u = session(node)) {
                Optional<PartRecord> stored = u.commit(List.of(prepared)).getFirst();
                return stored.isPresent() ? new Verdict.Done("Stored") : new Verdict.Broken("withdrawn by nobody");
            } catch (PosixException e) {
                part.withdraw();
                throw e;
            }
        }
    }

    private static UploadDirectory session(FaultNode node) throws Exception {
        return node.uploads()
                .openForSession(World.BOX, World.UPLOAD, Duration.ZERO)
                .orElseThrow();
    }

    static Verdict list(FaultNode node) throws Exception {
        try (UploadDirectory u = node.uploads().open(World.BOX, World.UPLOAD).orElseThrow()) {
            return new Verdict.Done(u.parts(0, 100).size() + " parts");
        }
    }

    /** The steps of a completion, in the order in which the session takes them, up to the owner's word. */
    static Verdict complete(FaultNode node) throws Exception {
        SentAttempt sent;
        try (UploadDirectory u = session(node)) {
            sent = stage(node, u);
        }
        Verdict verdict = node.submit(sent.put());
        if (!(verdict instanceof Verdict.Done)) {
            try (UploadDirectory u = session(node)) {
                u.reopen();
            }
        }
        return verdict;
    }

    /** The session's last steps, after the owner's word. */
    static Verdict end(FaultNode node) throws Exception {
        try (UploadDirectory u = session(node)) {
            SentAttempt sent = u.sent().orElse(null);
            if (sent != null) {
                u.end(outcome(node, sent), node.id());
            }
            u.free();
        }
        return new Verdict.Done("Ended");
    }

    private static SentAttempt stage(FaultNode node, UploadDirectory u) throws IOException {
        List<CompletionPlan.Listed> listed = u.parts().values().stream()
                .map(p -> new CompletionPlan.Listed(p.number(), p.md5(), p.checksum()))
                .toList();
        CompletionPlan.Plan plan = (CompletionPlan.Plan)
                CompletionPlan.of(u.record(), u.parts(), new CompletionPlan.Request(listed, null, null), 1);
        Attempt attempt = new Attempt(node.id(), plan.listDigest());
        UploadCompletion completion =
                new UploadCompletion(node.root, node.incarnation, dead -> true, new RangeCopy(true, 0));
        Mutation.Put put = null;
        boolean marked = false;
        try {
            u.begin(attempt, node.id());
            put = completion.stage(u, plan, attempt, Preconditions.NONE, () -> Long.MAX_VALUE);
            SentAttempt sent = new SentAttempt(plan.listDigest(), put, plan.checksum());
            u.markSent(sent, node.id());
            marked = true;
            return sent;
        } finally {
            if (!marked) {
                u.reopen();
                if (put != null) {
                    completion.discard(put);
                }
            }
        }
    }

    private static UploadOutcome outcome(FaultNode node, SentAttempt sent) {
        return new UploadOutcome(
                true,
                sent.listDigest(),
                sent.put().etag(),
                sent.checksum(),
                sent.put().size(),
                node.now());
    }

    private static Checksum crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Checksum.full(
                ChecksumAlgorithm.CRC32C,
                ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
