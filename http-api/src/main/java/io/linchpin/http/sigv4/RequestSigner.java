package io.linchpin.http.sigv4;

import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.Iso8601;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/**
 * Signs requests that Linchpin itself sends, as a client of some endpoint: the same canonical form and the same keys as the
 * verifier's. Every header is signed. Safe for use by many threads.
 */
public final class RequestSigner {
    private final Credentials credentials;
    private final String region;
    private final SigningKeys signingKeys;

    public RequestSigner(Credentials credentials, String region) {
        this.credentials = credentials;
        this.region = region;
        this.signingKeys = new SigningKeys(region);
    }

    /**
     * The headers to send, signed.
     *
     * @param headers what is to be sent; Host, as the server will see it, among them
     * @param body all of it: its SHA-256 is part of the signature
     */
    public Headers sign(String method, RequestTarget target, Headers headers, byte[] body, Instant now) {
        String payloadHash = Sha256.hashHex(body);
        AmzDate date = new AmzDate(Iso8601.formatBasic(now), now);
        Headers.Builder all = Headers.builder();
        TreeSet<String> names = new TreeSet<>(List.of("x-amz-content-sha256", "x-amz-date"));
        for (int i = 0; i < headers.size(); i++) {
            all.add(headers.name(i), headers.value(i));
            names.add(headers.name(i));
        }
        all.add("x-amz-content-sha256", payloadHash).add("x-amz-date", date.text());
        SignedHeaders signed = new SignedHeaders(String.join(";", names), List.copyOf(names));
        String canonical = CanonicalRequest.of(new RequestView(method, target, all.build()), signed, payloadHash);
        CredentialScope scope =
                new CredentialScope(credentials.accessKeyId(), date.text().substring(0, 8), region);
        Signature signature =
                SignatureVerifier.signature(signingKeys.of(credentials, scope.date()), date, scope, canonical);
        all.add(
                "authorization",
                AuthorizationHeader.ALGORITHM + " Credential=" + scope.accessKeyId() + '/' + scope.text()
                        + ", SignedHeaders=" + signed.text() + ", Signature=" + signature.hex());
        return all.build();
    }
}
