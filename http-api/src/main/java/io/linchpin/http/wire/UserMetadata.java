package io.linchpin.http.wire;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The user's metadata of an object: the {@code x-amz-meta-*} headers of its PUT, by name without that prefix, in lower
 * case, in the order received. A value is kept as the text that it stands for: encoded words of RFC 2047 are decoded, bytes
 * beyond ASCII are read as UTF-8, or as Latin-1 where they are none. A name that comes more than once has its values joined
 * by commas.
 */
public record UserMetadata(SequencedMap<String, String> entries) {
    public static final String PREFIX = "x-amz-meta-";

    /** The S3 limit, in bytes of UTF-8 of all names (without the prefix) and values. */
    public static final int MAX_BYTES = 2048;

    public UserMetadata {
        entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    }

    public static UserMetadata of(Map<String, String> entries) {
        return new UserMetadata(new LinkedHashMap<>(entries));
    }

    /**
     * The metadata of a request.
     *
     * @throws S3Exception MetadataTooLarge beyond the limit; InvalidArgument where a value could not be sent back
     */
    public static UserMetadata parse(Headers headers) {
        SequencedMap<String, String> found = new LinkedHashMap<>();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.startsWith(PREFIX)) {
                if (name.length() == PREFIX.length() || !isPrintable(headers.value(i))) {
                    throw new S3Exception(ErrorCode.InvalidArgument, "A metadata header is not valid.");
                }
                found.merge(
                        name.substring(PREFIX.length()), EncodedWords.decode(headers.value(i)), (a, b) -> a + "," + b);
            }
        }
        UserMetadata metadata = new UserMetadata(found);
        if (metadata.sizeBytes() > MAX_BYTES) {
            throw S3Failure.of(ErrorCode.MetadataTooLarge)
                    .with("Size", Long.toString(metadata.sizeBytes()))
                    .with("MaxSizeAllowed", Integer.toString(MAX_BYTES))
                    .exception();
        }
        return metadata;
    }

    /** What counts against the limit. */
    public long sizeBytes() {
        long bytes = 0;
        for (Map.Entry<String, String> e : entries.entrySet()) {
            bytes += e.getKey().getBytes(StandardCharsets.UTF_8).length;
            bytes += e.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }

    /** No control character may come back in a response header: it would end the line. */
    private static boolean isPrintable(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7F) {
                return false;
            }
        }
        return true;
    }
}
