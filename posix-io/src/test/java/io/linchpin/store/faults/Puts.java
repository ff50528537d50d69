package io.linchpin.store.faults;

import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.read.OpenObject;
import io.linchpin.store.read.Opened;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.staging.StagedPair;
import io.linchpin.store.staging.StagedUpload;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What an ingress does: stages, and sends the owner a mutation. */
final class Puts {
    private Puts() {}

    static long generation(FaultNode node) throws IOException {
        return node.states().read(World.BOX).orElseThrow().generation();
    }

    static Verdict put(FaultNode node, ObjectId object, int bytes, String op, Preconditions p) throws IOException {
        return node.submit(staged(node, object, bytes, op, p));
    }

    /** A body that says whose it is. */
    private static byte[] body(ObjectId object, int bytes, String op) {
        String text = object.key() + ":" + op + ":";
        return (text + "x".repeat(Math.max(0, bytes - text.length()))).getBytes(StandardCharsets.UTF_8);
    }

    static Mutation.Put staged(FaultNode node, ObjectId object, int bytes, String op, Preconditions p)
            throws IOException {
        byte[] body = body(object, bytes, op);
        UploadId id = node.id();
        try (StagedUpload upload = node.staging().begin(id, body.length)) {
            upload.write(ByteBuffer.wrap(body));
            return give(node, upload, object, op, p);
        }
    }

    private static Mutation.Put give(FaultNode node, StagedUpload upload, ObjectId object, String op, Preconditions p)
            throws IOException {
        Sidecar sidecar = new Sidecar(
                object,
                upload.id(),
                0,
                upload.size(),
                new ETag(op),
                Map.of(),
                Map.of("op", op),
                Map.of(),
                Map.of(),
                null,
                List.of(),
                null);
        long generation = generation(node);
        StagedPair pair = upload.finish(sidecar);
        upload.giveAway();
        return new Mutation.Put(
                upload.id(),
                object,
                p,
                generation,
                Long.MAX_VALUE,
                pair.stagedBy(),
                pair.inode(),
                pair.size(),
                pair.durable(),
                sidecar.etag(),
                pair.sidecarInMessage());
    }

    /** CopyObject: from what a reader has open, by the kernel where it can. */
    static Verdict copy(FaultNode node, ObjectId from, ObjectId to, boolean digested) throws IOException {
        if (!(node.reader().open(from) instanceof Opened.Found(OpenObject open))) {
            return new Verdict.Broken("the source is not there");
        }
        try (open;
                StagedUpload upload = node.staging().begin(node.id(), open.size())) {
            long copied = upload.stageCopy(open.data(), 0, open.size(), digested ? bytes -> {} : null);
            if (copied != open.size() || !open.verifyUnchanged()) {
                return new Verdict.Broken("copied " + copied + " of " + open.size());
            }
            return node.submit(give(node, upload, to, "copy", Preconditions.NONE));
        }
    }

    static Mutation.Delete deletion(FaultNode node, ObjectId object) throws IOException {
        return new Mutation.Delete(node.id(), object, Preconditions.NONE, generation(node), Long.MAX_VALUE);
    }

    static Verdict tag(FaultNode node, ObjectId object, String tag) throws IOException {
        return node.submit(new Mutation.SetTags(
                node.id(), object, Preconditions.NONE, generation(node), Long.MAX_VALUE, Map.of("tag", tag)));
    }

    /** Judged, and left on its way. */
    static void judge(FaultNode node, Mutation mutation) {
        node.shard().submit(mutation, false, outcome -> {
            throw new AssertionError("answered before it was durable: " + outcome);
        });
    }
}
