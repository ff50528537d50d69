package io.linchpin.http.sigv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestSignerTest {
    private static final Credentials EXAMPLE =
            new Credentials("AKIAIOSFODNN7EXAMPLE", SecretKey.of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
    private static final Instant DAY = Instant.parse("2013-05-24T00:00:00Z");

    /** The GET of the S3 documentation's examples of Signature Version 4. */
    @Test
    void signsAsTheDocumentationDoes() {
        Headers signed = new RequestSigner(EXAMPLE, "us-east-1")
                .sign(
                        "GET",
                        new RequestTarget("/test.txt", List.of()),
                        Headers.of("host", "examplebucket.s3.amazonaws.com", "range", "bytes=0-9"),
                        new byte[0],
                        DAY);
        assertTrue(
                signed.first("authorization")
                        .orElseThrow()
                        .endsWith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
                signed.first("authorization")::toString);
    }

    @Test
    void theVerifierTakesWhatItSignsAndNothingThatWasChangedSince() {
        RequestTarget target =
                new RequestTarget("/bucket/a b/ü", List.of(new RequestTarget.Parameter("list-type", "2")));
        Headers headers = Headers.of("host", "127.0.0.1:9000", "x-amz-meta-upload", "k1-u2");
        Headers signed = new RequestSigner(EXAMPLE, "us-east-1").sign("PUT", target, headers, new byte[] {1}, DAY);
        SignatureVerifier verifier = new SignatureVerifier(SigV4Settings.of("us-east-1"));
        CredentialStore store = id -> Optional.of(EXAMPLE);
        Authentication good = verifier.verify(new RequestView("PUT", target, signed), store, DAY);
        assertInstanceOf(Authentication.Verified.class, good);
        assertEquals("AKIAIOSFODNN7EXAMPLE", ((Authentication.Verified) good).accessKeyId());
        assertInstanceOf(
                Authentication.Refused.class, verifier.verify(new RequestView("POST", target, signed), store, DAY));
    }
}
