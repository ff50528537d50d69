package io.linchpin.http.sigv4;

import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Signs requests for tests, as the example account of the S3 documentation; what is signed can be chosen. */
public final class TestSigner {
    public static final String KEY_ID = "AKIAIOSFODNN7EXAMPLE";
    public static final Credentials ACCOUNT =
            new Credentials(KEY_ID, SecretKey.of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
    public static final Instant NOW = Instant.parse("2013-05-24T00:00:00Z");
    public static final String DATE = "20130524T000000Z";
    static final String SCOPE = "20130524/us-east-1/s3/aws4_request";

    private TestSigner() {}

    public static CredentialStore store() {
        return id -> id.equals(KEY_ID) ? Optional.of(ACCOUNT) : Optional.empty();
    }

    static SignatureVerifier verifier() {
        return new SignatureVerifier(SigV4Settings.of("us-east-1"));
    }

    static Map<String, String> head(String... more) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("host", "h");
        headers.put("x-amz-date", DATE);
        headers.put("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return headers;
    }

    static RequestView view(String method, String target, Map<String, String> headers) {
        Headers.Builder b = Headers.builder();
        headers.forEach(b::add);
        return new RequestView(method, RequestTarget.parse(target).orElseThrow(), b.build());
    }

    /** Signed by header, with every header but those named. */
    static RequestView signed(String method, String target, Map<String, String> headers, String... notSigned) {
        TreeSet<String> names = new TreeSet<>(headers.keySet());
        Arrays.asList(notSigned).forEach(names::remove);
        String text = String.join(";", names);
        RequestView bare = view(method, target, headers);
        String signature = signature(bare, text, headers.getOrDefault("x-amz-content-sha256", ""), SCOPE);
        return withAuthorization(bare, headers, KEY_ID + "/" + SCOPE, text, signature);
    }

    static RequestView withAuthorization(
            RequestView bare, Map<String, String> headers, String credential, String signedHeaders, String signature) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=" + credential + ", SignedHeaders=" + signedHeaders + ", Signature="
                        + signature);
        Headers.Builder b = Headers.builder();
        all.forEach(b::add);
        return new RequestView(bare.method(), bare.target(), b.build());
    }

    static String signature(RequestView request, String signedHeaders, String payload, String scope) {
        String canonical =
                CanonicalRequest.of(request, SignedHeaders.parse(signedHeaders).orElseThrow(), payload);
        String toSign = "AWS4-HMAC-SHA256\n" + DATE + "\n" + scope + "\n" + Sha256.hashHex(canonical);
        return new Signature(Sha256.hmac(new SigningKeys("us-east-1").of(ACCOUNT, "20130524"), toSign)).hex();
    }

    /** The path and query of a presigned URL; {@code more} are further parameters, encoded, without ampersand. */
    static String presigned(
            String method,
            String path,
            Map<String, String> headers,
            String signedHeaders,
            String expires,
            String... more) {
        String query = path + "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + KEY_ID + "%2F"
                + SCOPE.replace("/", "%2F") + "&X-Amz-Date=" + DATE + "&X-Amz-Expires=" + expires
                + "&X-Amz-SignedHeaders=" + signedHeaders.replace(";", "%3B");
        for (String m : more) {
            query += "&" + m;
        }
        String payload = headers.getOrDefault("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        return query + "&X-Amz-Signature=" + signature(view(method, query, headers), signedHeaders, payload, SCOPE);
    }

    /** A signer of chunks that begins at that seed. */
    public static ChunkSigner chunkSigner(String seedHex) {
        return new ChunkSigner(
                new SigningKeys("us-east-1").of(ACCOUNT, "20130524"),
                AmzDate.parse(DATE).orElseThrow(),
                new CredentialScope(KEY_ID, "20130524", "us-east-1"),
                Signature.parse(seedHex).orElseThrow());
    }

    /** The text of a signature, which main code does not show. */
    public static String hex(Signature signature) {
        return signature.hex();
    }
}
