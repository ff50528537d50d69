package io.linchpin.store.sidecar;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.linchpin.store.sidecar.CorruptSidecarException.Kind;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a document whose checksum holds: what is wrong with one of these, somebody wrote so. */
final class SidecarParser {
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            // Names of user metadata are without bound: they must not gather in a table that all parsers share.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxStringLength(SidecarCodec.MAX_BYTES)
                    .maxNameLength(SidecarCodec.MAX_BYTES)
                    .build())
            .build();

    private @Nullable BucketName bucket;
    private @Nullable ObjectKey key;
    private @Nullable UploadId upload;
    private long revision;
    private long size = -1;
    private @Nullable ETag etag;
    private Map<String, String> headers = Map.of();
    private Map<String, String> userMetadata = Map.of();
    private Map<String, String> tags = Map.of();
    private Map<String, String> checksums = Map.of();
    private @Nullable String checksumType;
    private List<Sidecar.Part> parts = List.of();
    private @Nullable Instant lastModified;

    private SidecarParser() {}

    static Sidecar parse(byte[] document) throws CorruptSidecarException {
        SidecarParser fields = new SidecarParser();
        try (JsonParser json = JSON.createParser(document)) {
            fields.read(json);
        } catch (CorruptSidecarException e) {
            throw e;
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw new CorruptSidecarException(Kind.CONTENT, String.valueOf(e.getMessage()), e);
        }
        return fields.sidecar();
    }

    private void read(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw content("not an object");
        }
        if (!"version".equals(json.nextFieldName())) {
            throw content("the version does not come first");
        }
        json.nextToken();
        long version = number(json, "version");
        if (version != SidecarCodec.VERSION) {
            throw new CorruptSidecarException(Kind.VERSION, "version " + version + " is not known here");
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            field(json, name);
        }
        if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
            throw content("more than one object");
        }
    }

    private void field(JsonParser json, String name) throws IOException {
        switch (name) {
            case "bucket" -> bucket = new BucketName(text(json, name));
            case "key" -> key = new ObjectKey(text(json, name));
            case "upload" -> upload = new UploadId(text(json, name));
            case "revision" -> revision = number(json, name);
            case "size" -> size = number(json, name);
            case "etag" -> etag = new ETag(text(json, name));
            case "headers" -> headers = map(json, name);
            case "userMetadata" -> userMetadata = map(json, name);
            case "tags" -> tags = map(json, name);
            case "checksums" -> checksums = map(json, name);
            case "checksumType" -> checksumType = text(json, name);
            case "parts" -> parts = parts(json);
            case "lastModified" -> lastModified = Instant.parse(text(json, name));
            default -> json.skipChildren();
        }
    }

    private static List<Sidecar.Part> parts(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw content("parts is not a list");
        }
        List<Sidecar.Part> all = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            long number = -1;
            long partSize = -1;
            Map<String, String> partChecksums = Map.of();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                switch (name) {
                    case "number" -> number = number(json, name);
                    case "size" -> partSize = number(json, name);
                    case "checksums" -> partChecksums = map(json, name);
                    default -> json.skipChildren();
                }
            }
            if (number < 1 || number > Integer.MAX_VALUE || partSize < 0) {
                throw content("a part without number or size");
            }
            all.add(new Sidecar.Part((int) number, partSize, partChecksums));
        }
        if (json.currentToken() != JsonToken.END_ARRAY) {
            throw content("a part that is not an object");
        }
        return Collections.unmodifiableList(all);
    }

    private static Map<String, String> map(JsonParser json, String field) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw content(field + " is not an object");
        }
        Map<String, String> map = new LinkedHashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            map.put(name, text(json, field));
        }
        return Collections.unmodifiableMap(map);
    }

    private static String text(JsonParser json, String field) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw content(field + " is not a text");
        }
        return json.getText();
    }

    private static long number(JsonParser json, String field) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw content(field + " is not a whole number");
        }
        return json.getLongValue();
    }

    private Sidecar sidecar() throws CorruptSidecarException {
        if (bucket == null || key == null || upload == null || etag == null || size < 0 || revision < 0) {
            throw content("a field is missing or negative");
        }
        return new Sidecar(
                new ObjectId(bucket, key),
                upload,
                revision,
                size,
                etag,
                headers,
                userMetadata,
                tags,
                checksums,
                checksumType,
                parts,
                lastModified);
    }

    private static CorruptSidecarException content(String what) {
        return new CorruptSidecarException(Kind.CONTENT, what);
    }
}
