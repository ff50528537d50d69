package io.linchpin.http.sigv4;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.http.wire.UserMetadata;

/** Which headers may not be repeated, and which may not be left out of a signature. */
final class HeaderRules {
    private static final String CONTENT_TYPE_SETTING = "linchpin.http.content-type-signed";
    private static final String NOT_SIGNED = "There were headers present in the request which were not signed";
    private static final String UNLESS_OFF =
            ". A server that has " + CONTENT_TYPE_SETTING + " = off takes a Content-Type that is not signed.";

    private HeaderRules() {}

    /**
     * A header that two readers could read differently stands there once.
     *
     * @throws S3Exception InvalidArgument
     */
    static void refuseRepeats(Headers headers) {
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (mustBeSingle(name) && headers.indexOf(name, i + 1) >= 0) {
                throw new S3Exception(ErrorCode.InvalidArgument, "The header " + name + " stands there twice.");
            }
        }
    }

    private static boolean mustBeSingle(String name) {
        return switch (name) {
            case "authorization",
                    "host",
                    "date",
                    "content-type",
                    "content-length",
                    "content-md5",
                    "transfer-encoding" -> true;
            // Lists, which may come in several headers.
            case "x-amz-object-attributes", "x-amz-optional-object-attributes", "x-amz-trailer" -> false;
            default -> name.startsWith("x-amz-") && !name.startsWith(UserMetadata.PREFIX);
        };
    }

    /**
     * Host must be signed, and every {@code x-amz-*} header that is there, and Content-Type.
     *
     * @param contentTypeToo what the setting {@value #CONTENT_TYPE_SETTING} says
     * @param dateHeaderCounts whether the time of the signature may come from the Date header, which must be signed then
     * @throws S3Exception AccessDenied
     */
    static void refuseUnsigned(
            Headers headers, SignedHeaders signed, boolean contentTypeToo, boolean dateHeaderCounts) {
        StringBuilder missing = new StringBuilder();
        if (!signed.contains("host")) {
            missing.append("host");
        }
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            boolean matters = name.startsWith("x-amz-")
                    || (contentTypeToo && name.equals("content-type"))
                    || (dateHeaderCounts && name.equals("date") && !headers.has("x-amz-date"));
            if (matters && !signed.contains(name)) {
                missing.append(missing.isEmpty() ? "" : ", ").append(name);
            }
        }
        if (!missing.isEmpty()) {
            throw S3Failure.of(
                            ErrorCode.AccessDenied,
                            missing.toString().equals("content-type") ? NOT_SIGNED + UNLESS_OFF : NOT_SIGNED)
                    .with("HeadersNotSigned", missing.toString())
                    .exception();
        }
    }
}
