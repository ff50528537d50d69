package io.linchpin.http.sigv4;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Exception;
import java.util.Locale;
import java.util.Set;

/**
 * The {@code x-amz-*} parameters of a presigned URL, which stand for headers: a presigner puts there what the user of the
 * URL is not asked to send. All of a query is signed, so they bind as signed headers do.
 */
final class HoistedHeaders {
    private static final String PREFIX = "x-amz-";
    private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";

    /** About the signature, or about how the client library came to a checksum: nothing is asked for by these. */
    private static final Set<String> NOT_OF_THE_REQUEST = Set.of(
            "x-amz-sdk-checksum-algorithm",
            "x-amz-algorithm",
            "x-amz-credential",
            "x-amz-date",
            "x-amz-expires",
            "x-amz-signedheaders",
            "x-amz-signature",
            "x-amz-security-token",
            "x-amz-content-sha256");

    /**
     * The checksums of no bytes (CRC32 and CRC32C, CRC64NVME, SHA1, SHA256). A presigner that has no body yet, as that of
     * JavaScript, signs one of these unasked; S3 is reported to look at no checksum in a query.
     */
    private static final Set<String> OF_NO_BYTES = Set.of(
            "AAAAAA==", "AAAAAAAAAAA=", "2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");

    private HoistedHeaders() {}

    /**
     * A request as its operation is to see it.
     *
     * @param presigned its signature has been verified
     * @throws S3Exception InvalidRequest for a parameter that is a header as well, or can be none
     */
    static RequestView of(RequestView presigned) {
        Headers sent = presigned.headers();
        Headers.Builder all = Headers.builder();
        for (int i = 0; i < sent.size(); i++) {
            all.add(sent.name(i), sent.value(i));
        }
        for (RequestTarget.Parameter p : presigned.target().query()) {
            String name = p.name().toLowerCase(Locale.ROOT);
            if (!name.startsWith(PREFIX) || NOT_OF_THE_REQUEST.contains(name) || isOfNoBytes(name, p.value())) {
                continue;
            }
            if (!isHeader(name, p.value())) {
                throw new S3Exception(ErrorCode.InvalidRequest, "A query parameter cannot be read as a header.");
            }
            if (sent.has(name)) {
                throw new S3Exception(
                        ErrorCode.InvalidRequest, "The header " + name + " is a query parameter as well.");
            }
            all.add(name, p.value());
        }
        Headers headers = all.build();
        HeaderRules.refuseRepeats(headers);
        return new RequestView(presigned.method(), presigned.target(), headers);
    }

    private static boolean isOfNoBytes(String name, String value) {
        return name.startsWith("x-amz-checksum-") && OF_NO_BYTES.contains(value);
    }

    /** By the rules of a head that is read from a socket: what is kept of it goes into heads again. */
    private static boolean isHeader(String name, String value) {
        return name.chars().allMatch(c -> TOKEN.indexOf(c) >= 0)
                && value.chars().noneMatch(c -> (c < ' ' && c != '\t') || c == 0x7F);
    }
}
