package io.linchpin.http.sigv4;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Numbers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.S3Exception;

/**
 * The authorization of a presigned URL: {@code X-Amz-Algorithm}, {@code -Credential}, {@code -Date}, {@code -Expires},
 * {@code -SignedHeaders} and {@code -Signature}, each exactly once.
 *
 * @param expiresSeconds at most {@value #MAX_EXPIRES_SECONDS}, counted from the date; 0 is over before it begins
 */
record PresignedQuery(
        CredentialScope scope, SignedHeaders signedHeaders, Signature signature, AmzDate date, long expiresSeconds) {
    static final long MAX_EXPIRES_SECONDS = 604_800;

    static final String SIGNATURE = "X-Amz-Signature";
    private static final String ALGORITHM = "X-Amz-Algorithm";
    private static final String CREDENTIAL = "X-Amz-Credential";
    private static final String DATE = "X-Amz-Date";
    private static final String EXPIRES = "X-Amz-Expires";
    private static final String SIGNED_HEADERS = "X-Amz-SignedHeaders";

    /** Whether the query has any part of a presigned authorization, of this or an older kind. */
    static boolean isIn(RequestTarget target) {
        for (RequestTarget.Parameter p : target.query()) {
            switch (p.name()) {
                case ALGORITHM, CREDENTIAL, EXPIRES, SIGNED_HEADERS, SIGNATURE, "AWSAccessKeyId" -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    /**
     * The authorization of a query.
     *
     * @throws S3Exception AuthorizationQueryParametersError, or InvalidRequest for an older kind
     */
    static PresignedQuery parse(RequestTarget target) {
        if (target.has("AWSAccessKeyId")) {
            throw new S3Exception(
                    ErrorCode.InvalidRequest,
                    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        }
        if (!one(target, ALGORITHM).equals(AuthorizationHeader.ALGORITHM)) {
            throw malformed("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }
        CredentialScope scope = CredentialScope.parse(
                one(target, CREDENTIAL), why -> malformed("Error parsing the X-Amz-Credential parameter; " + why));
        AmzDate date = AmzDate.parse(one(target, DATE))
                .orElseThrow(() -> malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""));
        long expires = expires(one(target, EXPIRES));
        return new PresignedQuery(
                scope,
                SignedHeaders.parse(one(target, SIGNED_HEADERS))
                        .orElseThrow(() -> malformed("X-Amz-SignedHeaders is malformed")),
                Signature.claimed(one(target, SIGNATURE)),
                date,
                expires);
    }

    /** What is wrong is told in the words of S3, by which people look it up. */
    private static long expires(String text) {
        boolean negative = text.startsWith("-");
        long seconds = Numbers.nonNegative(negative ? text.substring(1) : text);
        if (seconds < 0) {
            throw malformed("X-Amz-Expires should be a number");
        }
        if (negative) {
            throw malformed("X-Amz-Expires must be non-negative");
        }
        if (seconds > MAX_EXPIRES_SECONDS) {
            throw malformed("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must"
                    + " be less than 604800 seconds");
        }
        return seconds;
    }

    private static String one(RequestTarget target, String name) {
        if (target.count(name) > 1) {
            throw malformed(name + " stands in the query twice");
        }
        return target.parameter(name)
                .orElseThrow(() -> malformed("Query-string authentication version 4 requires the X-Amz-Algorithm,"
                        + " X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires"
                        + " parameters."));
    }

    static S3Exception malformed(String why) {
        return new S3Exception(ErrorCode.AuthorizationQueryParametersError, why);
    }
}
