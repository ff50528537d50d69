package io.linchpin.store.multipart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.fuzz.FuzzTarget;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The documents of an upload, each read as any of them: what is read is written and read again as the same. */
public final class UploadJsonFuzz implements FuzzTarget {
    private static final ObjectId OBJECT = new ObjectId(new BucketName("box"), new ObjectKey("film"));
    private static final UploadId ID = UploadId.of(1, 2);
    private static final Checksum SUM = Checksum.full(ChecksumAlgorithm.CRC32C, new byte[] {1, 2, 3, 4});

    /** How one kind of document is read and written. */
    private interface Reader<T> {
        T read(byte[] document) throws IOException;
    }

    private interface Writer<T> {
        byte[] write(T value);
    }

    @Override
    public List<byte[]> seeds() {
        Instant at = Instant.parse("2026-03-01T12:00:00Z");
        Preconditions some = new Preconditions(List.of(new ETag("e")), List.of(Preconditions.ANY), null, null);
        Mutation.Put put =
                new Mutation.Put(ID, OBJECT, some, 7, 8, Incarnation.of(1, 2), 9, 10, true, new ETag("e-2"), null);
        List<CompletionPlan.Listed> list = List.of(
                new CompletionPlan.Listed(new PartNumber(1), new ETag("\"x\" "), SUM),
                new CompletionPlan.Listed(new PartNumber(10_000), new ETag(""), null));
        return List.of(
                UploadJson.encode(new UploadRecord(
                        OBJECT,
                        ID,
                        7,
                        at,
                        Map.of("content-type", "a/b"),
                        Map.of("k", "v"),
                        Map.of(),
                        ChecksumAlgorithm.CRC32C,
                        ChecksumType.COMPOSITE)),
                UploadJson.encode(new PartRecord(new PartNumber(3), ID, 4, new ETag("e"), SUM, true, 5, at)),
                UploadJson.encode(new Attempt(ID, "digest")),
                UploadJson.encode(new SentAttempt("digest", put, SUM)),
                UploadJson.encode(new UploadOutcome(true, "digest", new ETag("e"), null, 6, at)),
                PartList.encode(list));
    }

    @Override
    public boolean run(byte[] input) {
        boolean accepted = holds(input, UploadJson::upload, UploadJson::encode);
        accepted |= holds(input, UploadJson::part, UploadJson::encode);
        accepted |= holds(input, UploadJson::attempt, UploadJson::encode);
        accepted |= holds(input, UploadJson::sent, UploadJson::encode);
        accepted |= holds(input, UploadJson::outcome, UploadJson::encode);
        accepted |= holds(input, PartList::decode, PartList::encode);
        return accepted;
    }

    private static <T> boolean holds(byte[] input, Reader<T> reader, Writer<T> writer) {
        T value;
        try {
            value = reader.read(input);
        } catch (IOException refused) {
            return false;
        }
        try {
            assertEquals(value, reader.read(writer.write(value)));
        } catch (IOException e) {
            throw new AssertionError("what was written cannot be read", e);
        }
        return true;
    }
}
