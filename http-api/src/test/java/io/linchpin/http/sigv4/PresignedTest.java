package io.linchpin.http.sigv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.linchpin.http.wire.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Presigned URLs: what they cover, how long they live, and how they may be malformed. */
class PresignedTest {
    private static final Map<String, String> HOST = Map.of("host", "h");

    private static Authentication verify(String target, Map<String, String> headers, Instant now) {
        return TestSigner.verifier().verify(TestSigner.view("PUT", target, headers), TestSigner.store(), now);
    }

    private static void assertRefused(ErrorCode code, String target, Map<String, String> headers, Instant now) {
        Authentication.Refused refused = assertInstanceOf(Authentication.Refused.class, verify(target, headers, now));
        assertEquals(code, refused.failure().code(), refused.failure().message());
    }

    private static String url(String expires, String... more) {
        return TestSigner.presigned("PUT", "/b/k", HOST, "host", expires, more);
    }

    @Test
    void livesFromSkewBeforeItsDateUntilItExpires() {
        String url = url("60");
        Instant date = TestSigner.NOW;
        assertInstanceOf(Authentication.Verified.class, verify(url, HOST, date.plusSeconds(60)));
        assertInstanceOf(Authentication.Verified.class, verify(url, HOST, date.minusSeconds(900)));
        assertRefused(ErrorCode.AccessDenied, url, HOST, date.plusSeconds(61));
        assertRefused(ErrorCode.AccessDenied, url, HOST, date.minusSeconds(901));
        assertInstanceOf(Authentication.Verified.class, verify(url("604800"), HOST, date.plusSeconds(604_800)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "604801", "1.5", "", "1e3", "%2B60", "99999999999999999999", "0x10"})
    void expiresIsAnIntegerOfAtMostAWeek(String expires) {
        assertRefused(ErrorCode.AuthorizationQueryParametersError, url(expires), HOST, TestSigner.NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-copy-source", "x-amz-acl", "x-amz-meta-a", "x-amz-tagging", "content-type"})
    void aHeaderThatMattersMustBeSigned(String name) {
        Map<String, String> headers = Map.of("host", "h", name, "/other/secret");
        assertRefused(ErrorCode.AccessDenied, url("60"), headers, TestSigner.NOW);
        String signed = name.compareTo("host") < 0 ? name + ";host" : "host;" + name;
        assertInstanceOf(
                Authentication.Verified.class,
                verify(TestSigner.presigned("PUT", "/b/k", headers, signed, "60"), headers, TestSigner.NOW));
    }

    @Test
    void hostMustBeSigned() {
        String url = TestSigner.presigned("PUT", "/b/k", Map.of("host", "h", "range", "r"), "range", "60");
        assertRefused(ErrorCode.AccessDenied, url, Map.of("host", "h", "range", "r"), TestSigner.NOW);
    }

    @Test
    void contentTypeMayBeLeftUnsignedWhereTheDeploymentSaysSo() {
        SignatureVerifier lenient =
                new SignatureVerifier(new SigV4Settings("us-east-1", Duration.ofMinutes(15), false));
        Map<String, String> typed = Map.of("host", "h", "content-type", "text/plain");
        assertInstanceOf(
                Authentication.Verified.class,
                lenient.verify(TestSigner.view("PUT", url("60"), typed), TestSigner.store(), TestSigner.NOW));
    }

    @Test
    void theDateHeaderOfAPresignedRequestDoesNotCount() {
        Map<String, String> dated = Map.of("host", "h", "date", "Fri, 24 May 2013 00:00:00 GMT");
        assertInstanceOf(Authentication.Verified.class, verify(url("60"), dated, TestSigner.NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Amz-Algorithm",
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-Expires",
                "X-Amz-SignedHeaders",
                "X-Amz-Signature"
            })
    void eachParameterStandsThereExactlyOnce(String name) {
        String url = url("60");
        assertRefused(ErrorCode.AuthorizationQueryParametersError, url + "&" + name + "=x", HOST, TestSigner.NOW);
        assertRefused(
                ErrorCode.AuthorizationQueryParametersError,
                url.replaceFirst(name + "=[^&]*", "x=y"),
                HOST,
                TestSigner.NOW);
    }

    @Test
    void oldOrMalformedParametersAreRefused() {
        assertRefused(
                ErrorCode.InvalidRequest, "/b/k?AWSAccessKeyId=AKID&Signature=c2ln&Expires=1", HOST, TestSigner.NOW);
        String url = url("60");
        for (String bad : new String[] {
            url.replace("HMAC-SHA256", "HMAC-SHA512"),
            url.replace("us-east-1", "us-east-2"),
            url.replace("%2Fs3%2F", "%2Fec2%2F"),
            url.replace("%2F20130524%2F", "%2F20130523%2F"),
            url.replace("T000000Z", "T0000Z"),
            url.replace("SignedHeaders=host", "SignedHeaders=Host"),
            url.replaceFirst("Signature=[0-9a-f]", "Signature=")
        }) {
            assertRefused(ErrorCode.AuthorizationQueryParametersError, bad, HOST, TestSigner.NOW);
        }
    }

    @Test
    void whatIsSignedCannotBeChanged() {
        String url = url("60", "versionId=1");
        assertInstanceOf(Authentication.Verified.class, verify(url, HOST, TestSigner.NOW));
        for (String bad : new String[] {
            url.replace("versionId=1", "versionId=2"),
            url.replace("Expires=60", "Expires=600"),
            url.replace("/b/k", "/b/l"),
            url + "&acl",
            url.replaceFirst("Signature=.", "Signature=" + (url.contains("Signature=0") ? "1" : "0"))
        }) {
            assertRefused(ErrorCode.SignatureDoesNotMatch, bad, HOST, TestSigner.NOW);
        }
        assertRefused(ErrorCode.SignatureDoesNotMatch, url, Map.of("host", "other"), TestSigner.NOW);
    }

    @Test
    void thePayloadHashMayBeAParameter() {
        Authentication a = verify(url("60", "X-Amz-Content-Sha256=UNSIGNED-PAYLOAD"), HOST, TestSigner.NOW);
        assertInstanceOf(Authentication.Verified.class, a);
    }
}
