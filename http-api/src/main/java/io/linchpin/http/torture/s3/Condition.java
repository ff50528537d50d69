package io.linchpin.http.torture.s3;

import io.linchpin.http.wire.Headers;

/**
 * What a write is to be done under.
 *
 * @param header lower case; empty where there is no condition
 * @param value an entity tag without quotes, or a star
 */
public record Condition(String header, String value) {
    public static final Condition NONE = new Condition("", "");

    /** Only where there is nothing. */
    public static final Condition ABSENT = new Condition("if-none-match", "*");

    /** Only while the upload of that entity tag is in place. */
    public static Condition matches(String etag) {
        return new Condition("if-match", etag);
    }

    void addTo(Headers.Builder headers) {
        if (!header.isEmpty()) {
            headers.add(header, value.equals("*") ? value : '"' + value + '"');
        }
    }
}
