package io.linchpin.http.sigv4;

import java.util.Optional;

/**
 * A credential: {@code <key id>/<yyyyMMdd>/<region>/<service>/aws4_request}. Five items, none empty; the service and the
 * terminator are exactly those of S3.
 */
record CredentialScope(String accessKeyId, String date, String region) {
    static final String SUFFIX = "/s3/aws4_request";

    /** Longer ids and regions do not exist anywhere. */
    private static final int MAX_CHARS = 256;

    static Optional<CredentialScope> parse(String text) {
        if (text.length() > MAX_CHARS || !text.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        int end = text.length() - SUFFIX.length();
        int first = text.indexOf('/');
        int second = text.indexOf('/', first + 1);
        if (first < 1 || second != first + 9 || second + 1 >= end || text.indexOf('/', second + 1) != end) {
            return Optional.empty();
        }
        for (int i = first + 1; i < second; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        return Optional.of(new CredentialScope(
                text.substring(0, first), text.substring(first + 1, second), text.substring(second + 1, end)));
    }

    /** Without the key id, as strings to sign have it. */
    String text() {
        return date + '/' + region + SUFFIX;
    }
}
