package io.linchpin.store.bucket;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.linchpin.store.value.BucketName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The state file's bytes: one line of JSON that a person can read, whose last field is the CRC-32C of all that stands
 * before that field's comma. Fields that are not known are skipped.
 *
 * <pre>{"version":1,"bucket":"box","generation":17,"status":"open","createdAt":"2026-01-01T00:00:00Z","region":"","crc32c":"0a1b2c3d"}</pre>
 */
final class BucketStateCodec {
    static final int VERSION = 1;
    static final int MAX_BYTES = 64 << 10;

    private static final String CHECKSUM = ",\"crc32c\":\"";
    private static final int TAIL = CHECKSUM.length() + 8 + "\"}\n".length();
    private static final ObjectMapper JSON = new ObjectMapper();

    private BucketStateCodec() {}

    static byte[] encode(BucketState state) {
        String whole = JSON.createObjectNode()
                .put("version", VERSION)
                .put("bucket", state.name().value())
                .put("generation", state.generation())
                .put("status", state.status().name().toLowerCase(Locale.ROOT))
                .put("createdAt", state.createdAt().toString())
                .put("region", state.region())
                .toString();
        String open = whole.substring(0, whole.length() - 1);
        return (open + checksum(open.getBytes(StandardCharsets.UTF_8))).getBytes(StandardCharsets.UTF_8);
    }

    private static String checksum(byte[] open) {
        CRC32C crc = new CRC32C();
        crc.update(open);
        return CHECKSUM + HexFormat.of().toHexDigits((int) crc.getValue()) + "\"}\n";
    }

    /**
     * Reads a state file.
     *
     * @throws CorruptBucketStateException where these are not bytes that {@link #encode} made for this bucket
     */
    static BucketState decode(BucketName name, byte[] document) throws CorruptBucketStateException {
        int length = document.length - TAIL;
        if (length < 0) {
            throw new CorruptBucketStateException(name, "it is cut short");
        }
        byte[] open = Arrays.copyOf(document, length);
        String tail = new String(document, length, TAIL, StandardCharsets.UTF_8);
        if (!tail.equals(checksum(open))) {
            throw new CorruptBucketStateException(name, "its checksum does not fit");
        }
        try {
            JsonNode json = JSON.readTree(document);
            if (json.path("version").asInt() != VERSION) {
                throw new CorruptBucketStateException(
                        name, "it has version " + json.path("version").asText() + ", not " + VERSION);
            }
            if (!json.path("bucket").asText().equals(name.value())) {
                throw new CorruptBucketStateException(
                        name, "it is that of bucket " + json.path("bucket").asText());
            }
            JsonNode generation = json.path("generation");
            if (!generation.canConvertToLong() || !generation.isIntegralNumber()) {
                throw new CorruptBucketStateException(name, "it has no generation");
            }
            return new BucketState(
                    name,
                    generation.longValue(),
                    BucketState.Status.valueOf(json.path("status").asText().toUpperCase(Locale.ROOT)),
                    Instant.parse(json.path("createdAt").asText()),
                    json.path("region").asText());
        } catch (CorruptBucketStateException e) {
            throw e;
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new CorruptBucketStateException(name, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory do not fail", e);
        }
    }
}
