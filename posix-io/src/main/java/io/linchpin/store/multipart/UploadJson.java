package io.linchpin.store.multipart;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The documents of an upload's directory: JSON that a person can read. Each is fsynced before it gets its name, so a
 * document that cannot be read was damaged, and is an error. Fields that are not known are skipped.
 */
final class UploadJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private UploadJson() {}

    static byte[] encode(UploadRecord r) {
        ObjectNode o = JSON.createObjectNode();
        putObject(o, r.object());
        o.put("upload", r.upload().hex());
        o.put("bucketGeneration", r.bucketGeneration());
        o.put("initiated", r.initiated().toString());
        putMap(o, "headers", r.headers());
        putMap(o, "userMetadata", r.userMetadata());
        putMap(o, "tags", r.tags());
        if (r.algorithm() != null && r.type() != null) {
            o.put("checksumAlgorithm", r.algorithm().name());
            o.put("checksumType", r.type().name());
        }
        return bytes(o);
    }

    static UploadRecord upload(byte[] document) throws IOException {
        return read(document, o -> {
            String algorithm = optional(o, "checksumAlgorithm");
            return new UploadRecord(
                    object(o),
                    new UploadId(text(o, "upload")),
                    number(o, "bucketGeneration"),
                    Instant.parse(text(o, "initiated")),
                    map(o, "headers"),
                    map(o, "userMetadata"),
                    map(o, "tags"),
                    algorithm == null ? null : ChecksumAlgorithm.valueOf(algorithm),
                    algorithm == null ? null : ChecksumType.valueOf(text(o, "checksumType")));
        });
    }

    static byte[] encode(PartRecord r) {
        ObjectNode o = JSON.createObjectNode();
        o.put("number", r.number().value());
        o.put("id", r.partId().hex());
        o.put("size", r.sizeBytes());
        o.put("md5", r.md5().value());
        putChecksum(o, r.checksum());
        o.put("inBase", r.inBase());
        o.put("offset", r.offset());
        o.put("storedAt", r.storedAt().toString());
        return bytes(o);
    }

    static PartRecord part(byte[] document) throws IOException {
        return read(
                document,
                o -> new PartRecord(
                        new PartNumber((int) number(o, "number")),
                        new UploadId(text(o, "id")),
                        number(o, "size"),
                        new ETag(text(o, "md5")),
                        checksum(o),
                        field(o, "inBase").asBoolean(),
                        number(o, "offset"),
                        Instant.parse(text(o, "storedAt"))));
    }

    static byte[] encode(Attempt a) {
        ObjectNode o = JSON.createObjectNode();
        o.put("mutation", a.mutation().hex());
        o.put("listDigest", a.listDigest());
        return bytes(o);
    }

    static Attempt attempt(byte[] document) throws IOException {
        return read(document, o -> new Attempt(new UploadId(text(o, "mutation")), text(o, "listDigest")));
    }

    static byte[] encode(SentAttempt s) {
        Mutation.Put put = s.put();
        ObjectNode o = JSON.createObjectNode();
        putObject(o, put.object());
        o.put("mutation", put.id().hex());
        o.put("listDigest", s.listDigest());
        o.put("holder", s.holder().hex());
        putTags(o, "ifMatch", put.preconditions().ifMatch());
        putTags(o, "ifNoneMatch", put.preconditions().ifNoneMatch());
        o.put("bucketGeneration", put.bucketGeneration());
        o.put("deadlineBootNanos", put.deadlineBootNanos());
        o.put("stagedBy", put.stagedBy().value());
        o.put("inode", put.inode());
        o.put("size", put.size());
        o.put("etag", put.etag().value());
        putChecksum(o, s.checksum());
        return bytes(o);
    }

    static SentAttempt sent(byte[] document) throws IOException {
        return read(document, o -> {
            Mutation.Put put = new Mutation.Put(
                    new UploadId(text(o, "mutation")),
                    object(o),
                    new Preconditions(tags(o, "ifMatch"), tags(o, "ifNoneMatch"), null, null),
                    number(o, "bucketGeneration"),
                    number(o, "deadlineBootNanos"),
                    new Incarnation(text(o, "stagedBy")),
                    number(o, "inode"),
                    number(o, "size"),
                    true,
                    new ETag(text(o, "etag")),
                    null);
            // Not there in marks that earlier releases have left.
            String holder = optional(o, "holder");
            SentAttempt sent = new SentAttempt(text(o, "listDigest"), put, checksum(o));
            return holder == null ? sent : sent.heldBy(new UploadId(holder));
        });
    }

    static byte[] encode(UploadOutcome r) {
        ObjectNode o = JSON.createObjectNode();
        o.put("known", r.known());
        o.put("listDigest", r.listDigest());
        o.put("etag", r.etag().value());
        putChecksum(o, r.checksum());
        o.put("size", r.sizeBytes());
        o.put("at", r.at().toString());
        return bytes(o);
    }

    static UploadOutcome outcome(byte[] document) throws IOException {
        return read(
                document,
                o -> new UploadOutcome(
                        field(o, "known").asBoolean(),
                        text(o, "listDigest"),
                        new ETag(text(o, "etag")),
                        checksum(o),
                        number(o, "size"),
                        Instant.parse(text(o, "at"))));
    }

    private interface Reading<T> {
        T of(JsonNode o) throws IOException;
    }

    private static <T> T read(byte[] document, Reading<T> reading) throws IOException {
        try {
            return reading.of(JSON.readTree(document));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new IOException("damaged document of a multipart upload: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(ObjectNode o) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(o);
        } catch (JacksonException e) {
            throw new IllegalStateException("a tree of plain values can always be written", e);
        }
    }

    private static void putObject(ObjectNode o, ObjectId object) {
        o.put("bucket", object.bucket().value());
        o.put("key", object.key().value());
    }

    private static ObjectId object(JsonNode o) {
        return new ObjectId(new BucketName(text(o, "bucket")), new ObjectKey(text(o, "key")));
    }

    private static void putChecksum(ObjectNode o, @Nullable Checksum checksum) {
        if (checksum != null) {
            ObjectNode c = o.putObject("checksum");
            c.put("algorithm", checksum.algorithm().name());
            c.put("type", checksum.type().name());
            c.put("base64", checksum.base64());
        }
    }

    private static @Nullable Checksum checksum(JsonNode o) {
        JsonNode c = o.get("checksum");
        if (c == null) {
            return null;
        }
        return new Checksum(
                ChecksumAlgorithm.valueOf(text(c, "algorithm")),
                text(c, "base64"),
                ChecksumType.valueOf(text(c, "type")));
    }

    private static void putMap(ObjectNode o, String name, Map<String, String> map) {
        ObjectNode m = o.putObject(name);
        new TreeMap<>(map).forEach(m::put);
    }

    private static Map<String, String> map(JsonNode o, String name) {
        Map<String, String> map = new TreeMap<>();
        for (Map.Entry<String, JsonNode> e : field(o, name).properties()) {
            map.put(e.getKey(), e.getValue().asText());
        }
        return map;
    }

    private static void putTags(ObjectNode o, String name, List<ETag> tags) {
        ArrayNode a = o.putArray(name);
        tags.forEach(t -> a.add(t.value()));
    }

    private static List<ETag> tags(JsonNode o, String name) {
        List<ETag> tags = new ArrayList<>();
        field(o, name).forEach(t -> tags.add(new ETag(t.asText())));
        return tags;
    }

    private static JsonNode field(JsonNode o, String name) {
        JsonNode value = o.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }

    private static String text(JsonNode o, String name) {
        JsonNode value = field(o, name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(name + " is no text");
        }
        return value.textValue();
    }

    private static @Nullable String optional(JsonNode o, String name) {
        return o.has(name) ? text(o, name) : null;
    }

    private static long number(JsonNode o, String name) {
        JsonNode value = field(o, name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(name + " is no number");
        }
        return value.longValue();
    }
}
