package io.linchpin.store.explore;

import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
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
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One multipart upload of two parts, whose client repeats whatever it got no answer to: the steps of an upload's session,
 * over the real files and the real owner.
 */
final class Multipart {
    private static final UploadId UPLOAD = UploadId.of(3, 3);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final PartFile.Limits LIMITS = new PartFile.Limits(8, 8, 400);
    private static final int STRIDE = 64;
    private static final int BYTES = 104;

    private final Tenant tenant;
    private final int op;
    private final byte[] body;
    private final UploadStore store;
    private int ids;

    Multipart(Tenant tenant, int op) {
        this.tenant = tenant;
        this.op = op;
        this.body = Bodies.of(op, BYTES);
        this.store = new UploadStore(tenant.node.root);
    }

    private UploadId id() {
        return UploadId.of(4, tenant.world.life * 1000L + ++ids);
    }

    /** Brings the upload to its end, from wherever earlier lives have left it. */
    void run() throws IOException {
        Optional<UploadDirectory> found = store.open(World.BUCKET, UPLOAD);
        if (found.isEmpty()) {
            // Of a creation that was cut short no client knows.
            store.remove(World.BUCKET, UPLOAD);
            store.create(new UploadRecord(
                    World.object(World.KEY),
                    UPLOAD,
                    0,
                    NOW,
                    Map.of(),
                    Tenant.metadata(op, Bodies.head(op)),
                    Map.of(),
                    null,
                    null));
            found = store.open(World.BUCKET, UPLOAD);
        }
        try (UploadDirectory upload = found.orElseThrow()) {
            if (upload.outcome().isPresent()) {
                return;
            }
            Optional<SentAttempt> sent = upload.sent();
            if (sent.isEmpty()) {
                if (upload.attempt().isPresent()) {
                    upload.reopen();
                }
                putMissingParts(upload);
                send(upload, complete(upload), false);
            } else {
                send(upload, sent.get(), true);
            }
        }
    }

    private void putMissingParts(UploadDirectory upload) throws IOException {
        for (int number = 1; number <= 2; number++) {
            PartNumber part = new PartNumber(number);
            int from = (number - 1) * STRIDE;
            int bytes = Math.min(STRIDE, BYTES - from);
            if (upload.parts().containsKey(part)) {
                continue;
            }
            UploadDirectory own = store.open(World.BUCKET, UPLOAD).orElseThrow();
            try (PartFile file = PartFile.open(own, tenant.node.incarnation, part, bytes, LIMITS, this::id)) {
                file.write(ByteBuffer.wrap(body, from, bytes));
                upload.commit(List.of(file.prepare(etag(number), null, NOW)));
            }
        }
    }

    private static ETag etag(int number) {
        return new ETag(UploadId.of(5, number).hex());
    }

    private SentAttempt complete(UploadDirectory upload) throws IOException {
        List<CompletionPlan.Listed> listed = new ArrayList<>();
        for (PartRecord part : upload.parts().values()) {
            listed.add(new CompletionPlan.Listed(part.number(), part.md5(), null));
        }
        CompletionPlan.Request request = new CompletionPlan.Request(listed, null, null);
        if (!(CompletionPlan.of(upload.record(), upload.parts(), request, 1) instanceof CompletionPlan.Plan plan)) {
            throw new Violation("S3: an acknowledged part is not there");
        }
        Attempt attempt = new Attempt(id(), plan.listDigest());
        upload.begin(attempt, id());
        Mutation.Put put = new UploadCompletion(
                        tenant.node.root,
                        tenant.node.incarnation,
                        incarnation -> !incarnation.equals(tenant.node.incarnation),
                        new RangeCopy(false, 0))
                .stage(upload, plan, attempt, Preconditions.NONE, () -> Long.MAX_VALUE);
        SentAttempt sent = new SentAttempt(plan.listDigest(), put, null);
        upload.markSent(sent, id());
        return sent;
    }

    private void send(UploadDirectory upload, SentAttempt sent, boolean resend) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        tenant.submit(World.KEY, sent.put(), op, resend, outcomes::add);
        tenant.node.settle();
        switch (outcomes.getFirst()) {
            case Outcome.Committed _ -> end(upload, sent, true);
            case Outcome.Unknown _ -> {
                Seen seen = tenant.world.look(World.KEY);
                if (seen.state().op() != op) {
                    // Nothing else is ever put here: what is not in place was not made, and then its pair must be
                    // there.
                    throw new Violation("L1: what became of a completion is lost, and its parts with it");
                }
                tenant.world.change(World.KEY, k -> k.recovered(seen));
                end(upload, sent, true);
            }
            default -> throw new Violation("S2: a completion was answered with " + outcomes);
        }
    }

    private void end(UploadDirectory upload, SentAttempt sent, boolean isKnown) throws IOException {
        Mutation.Put put = sent.put();
        upload.end(new UploadOutcome(isKnown, sent.listDigest(), put.etag(), null, put.size(), NOW), id());
        upload.free();
    }
}
