package io.linchpin.http.operation;

import io.linchpin.http.wire.EncodedWords;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.UserMetadata;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.value.ChecksumAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers that an object keeps and gives back. */
final class ObjectHeaders {
    static final String DEFAULT_CONTENT_TYPE = "binary/octet-stream";

    private static final String CONTENT_TYPE = "content-type";

    private static final List<String> KEPT = List.of(
            CONTENT_TYPE, "cache-control", "content-disposition", "content-encoding", "content-language", "expires");

    private static final List<String> FRESHNESS = List.of("cache-control", "expires");

    private ObjectHeaders() {}

    /** The system headers that a PUT, copy or CreateMultipartUpload asks to keep, names in lower case. */
    static Map<String, String> ofRequest(Exchange exchange) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (String name : KEPT) {
            List<String> values = exchange.headers().all(name);
            String value = String.join(",", values);
            if (name.equals("content-encoding")) {
                value = withoutAwsChunked(value);
            }
            if (!value.isEmpty()) {
                kept.put(name, value);
            }
        }
        return kept;
    }

    /** {@code aws-chunked} names the transfer, not the object; what is left stays as it was written. */
    private static String withoutAwsChunked(String value) {
        List<String> left = new ArrayList<>();
        for (String coding : value.split(",", -1)) {
            if (!coding.strip().equalsIgnoreCase("aws-chunked") && !coding.isBlank()) {
                left.add(coding);
            }
        }
        return String.join(",", left).strip();
    }

    /**
     * The kept headers of a version as a read is to see them: a {@code response-*} parameter stands in place of what is
     * stored.
     *
     * @throws S3Exception InvalidArgument for a parameter that no header can hold
     */
    static Map<String, String> ofRead(Exchange exchange, Sidecar metadata) {
        Map<String, String> seen = new LinkedHashMap<>(metadata.headers());
        for (String name : KEPT) {
            String parameter = "response-" + name;
            String value = exchange.parameter(parameter).orElse("");
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw Paging.argument(parameter, "", "A header cannot hold control characters.");
            }
            if (!value.isEmpty()) {
                seen.put(name, value);
            }
        }
        return seen;
    }

    static String contentType(Map<String, String> headers) {
        return wire(headers.getOrDefault(CONTENT_TYPE, DEFAULT_CONTENT_TYPE));
    }

    /** Adds the kept headers but the content type, and the user's metadata, which is ASCII on the wire as S3 has it. */
    static void give(Map<String, String> headers, Sidecar metadata, S3Response response) {
        headers.forEach((name, value) -> {
            if (!name.equals(CONTENT_TYPE)) {
                response.header(title(name), wire(value));
            }
        });
        metadata.userMetadata()
                .forEach((name, value) -> response.header(UserMetadata.PREFIX + name, EncodedWords.encode(value)));
    }

    /** Adds those that a 304 must repeat: a cache takes from it how long it may go on. */
    static void giveFreshness(Map<String, String> headers, S3Response response) {
        for (String name : FRESHNESS) {
            String value = headers.get(name);
            if (value != null) {
                response.header(title(name), wire(value));
            }
        }
    }

    /**
     * Adds checksums.
     *
     * @param checksums by the name of the algorithm
     * @param type of the object's checksum, where it has one
     */
    static void giveChecksums(Map<String, String> checksums, @Nullable String type, S3Response response) {
        checksums.forEach((name, base64) ->
                ChecksumAlgorithm.parse(name).ifPresent(a -> response.header(a.headerName(), base64)));
        if (type != null && !checksums.isEmpty()) {
            response.header("x-amz-checksum-type", type);
        }
    }

    private static String title(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (String word : name.split("-", -1)) {
            out.append(out.isEmpty() ? "" : "-")
                    .append(word.substring(0, 1).toUpperCase(Locale.ROOT))
                    .append(word.substring(1));
        }
        return out.toString();
    }

    /** The library writes one byte a character; this makes those the bytes of UTF-8, as they came. */
    private static String wire(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
