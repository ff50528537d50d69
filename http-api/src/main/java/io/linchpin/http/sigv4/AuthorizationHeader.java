package io.linchpin.http.sigv4;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import org.jspecify.annotations.Nullable;

/** {@code AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…}: each field once, in any order. */
record AuthorizationHeader(CredentialScope scope, SignedHeaders signedHeaders, Signature signature) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /**
     * The authorization of a header value.
     *
     * @throws S3Exception AuthorizationHeaderMalformed, or InvalidRequest for another kind of authorization
     */
    static AuthorizationHeader parse(String value) {
        int space = value.indexOf(' ');
        space = space < 0 ? value.length() : space;
        if (!value.substring(0, space).equals(ALGORITHM)) {
            if (value.startsWith("AWS")) {
                throw new S3Exception(
                        ErrorCode.InvalidRequest,
                        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
            }
            throw S3Failure.of(ErrorCode.InvalidArgument, "Unsupported Authorization Type")
                    .with("ArgumentName", "Authorization")
                    .with("ArgumentValue", value)
                    .exception();
        }
        String credential = null;
        String signedHeaders = null;
        String signature = null;
        int start = space + 1;
        while (start <= value.length()) {
            int end = value.indexOf(',', start);
            end = end < 0 ? value.length() : end;
            String field = value.substring(start, end).strip();
            int equals = field.indexOf('=');
            String name = equals < 0 ? "" : field.substring(0, equals);
            String text = field.substring(equals + 1);
            switch (name) {
                case "Credential" -> credential = once(name, credential, text);
                case "SignedHeaders" -> signedHeaders = once(name, signedHeaders, text);
                case "Signature" -> signature = once(name, signature, text);
                default -> throw malformed("it holds a field that is none of Credential, SignedHeaders and Signature.");
            }
            start = end + 1;
        }
        return new AuthorizationHeader(
                CredentialScope.parse(there("Credential", credential), AuthorizationHeader::malformed),
                SignedHeaders.parse(there("SignedHeaders", signedHeaders))
                        .orElseThrow(() -> malformed("SignedHeaders is malformed.")),
                Signature.claimed(there("Signature", signature)));
    }

    private static String there(String name, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw malformed("missing " + name + ".");
        }
        return text;
    }

    private static String once(String name, @Nullable String before, String text) {
        if (before != null) {
            throw malformed(name + " stands there twice.");
        }
        return text;
    }

    static S3Exception malformed(String why) {
        return new S3Exception(ErrorCode.AuthorizationHeaderMalformed, "The authorization header is malformed; " + why);
    }
}
