package io.linchpin.http.sigv4;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
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
            throw new S3Exception(ErrorCode.InvalidArgument, "Unsupported Authorization Type");
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
        if (credential == null || signedHeaders == null || signature == null) {
            throw malformed("it lacks one of Credential, SignedHeaders and Signature.");
        }
        return new AuthorizationHeader(
                CredentialScope.parse(credential)
                        .orElseThrow(
                                () -> malformed(
                                        "the Credential is malformed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request\".")),
                SignedHeaders.parse(signedHeaders).orElseThrow(() -> malformed("SignedHeaders is malformed.")),
                Signature.parse(signature).orElseThrow(() -> malformed("the Signature is malformed.")));
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
