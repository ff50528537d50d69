package io.linchpin.store.sidecar;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Writes the fields of a sidecar, and leaves the root object open for the checksum. */
final class SidecarWriter {
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            // The root is closed by the codec, after the checksum.
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            // A character beyond U+FFFF stays readable, and is not made two escapes.
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private SidecarWriter() {}

    /** The document from its first brace to its last field, followed by {@code room} zero bytes. */
    static byte[] write(Sidecar sidecar, int room) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try {
            try (JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8)) {
                json.setPrettyPrinter(new FieldPerLine());
                json.writeStartObject();
                fields(json, sidecar);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("a sidecar that cannot be written: " + e.getMessage(), e);
        }
        for (int i = 0; i < room; i++) {
            out.write(0);
        }
        return out.toByteArray();
    }

    private static void fields(JsonGenerator json, Sidecar sidecar) throws IOException {
        json.writeNumberField("version", SidecarCodec.VERSION);
        json.writeStringField("bucket", sidecar.object().bucket().value());
        json.writeStringField("key", sidecar.object().key().value());
        json.writeStringField("upload", sidecar.upload().hex());
        json.writeNumberField("revision", sidecar.revision());
        json.writeNumberField("size", sidecar.size());
        json.writeStringField("etag", sidecar.etag().value());
        map(json, "headers", sidecar.headers());
        map(json, "userMetadata", sidecar.userMetadata());
        map(json, "tags", sidecar.tags());
        map(json, "checksums", sidecar.checksums());
        if (sidecar.checksumType() != null) {
            json.writeStringField("checksumType", sidecar.checksumType());
        }
        if (!sidecar.parts().isEmpty()) {
            json.writeArrayFieldStart("parts");
            for (Sidecar.Part part : sidecar.parts()) {
                json.writeStartObject();
                json.writeNumberField("number", part.number());
                json.writeNumberField("size", part.size());
                map(json, "checksums", part.checksums());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (sidecar.lastModified() != null) {
            json.writeStringField("lastModified", sidecar.lastModified().toString());
        }
    }

    private static void map(JsonGenerator json, String name, Map<String, String> map) throws IOException {
        if (map.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> entry : (map.size() == 1 ? map : new TreeMap<>(map)).entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }
}
