package io.linchpin.http.sigv4;

import io.linchpin.http.wire.S3Exception;
import java.util.function.Function;

/**
 * A credential: {@code <key id>/<yyyyMMdd>/<region>/<service>/aws4_request}. Five items; the service and the terminator
 * are exactly those of S3.
 */
record CredentialScope(String accessKeyId, String date, String region) {
    private static final String SERVICE = "s3";
    private static final String TERMINATOR = "aws4_request";
    private static final int ITEMS = 5;

    /** Longer ids and regions do not exist anywhere. */
    private static final int MAX_CHARS = 256;

    /**
     * The scope of a credential.
     *
     * @param refusal makes the failure of what is wrong with it, which is told in the words of S3
     */
    static CredentialScope parse(String text, Function<String, S3Exception> refusal) {
        String[] items = text.length() > MAX_CHARS ? new String[0] : text.split("/", -1);
        if (items.length != ITEMS || items[0].isEmpty()) {
            throw refusal.apply(
                    "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }
        if (!isDate(items[1])) {
            throw refusal.apply("incorrect date format \"" + items[1]
                    + "\". This date in the credential must be in the format \"yyyyMMdd\".");
        }
        if (!items[3].equals(SERVICE)) {
            throw refusal.apply(
                    "incorrect service \"" + items[3] + "\". This endpoint belongs to \"" + SERVICE + "\".");
        }
        if (!items[4].equals(TERMINATOR)) {
            throw refusal.apply("incorrect terminal \"" + items[4] + "\". This endpoint uses \"" + TERMINATOR + "\".");
        }
        return new CredentialScope(items[0], items[1], items[2]);
    }

    private static boolean isDate(String text) {
        return text.length() == 8 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Without the key id, as strings to sign have it. */
    String text() {
        return date + '/' + region + '/' + SERVICE + '/' + TERMINATOR;
    }
}
