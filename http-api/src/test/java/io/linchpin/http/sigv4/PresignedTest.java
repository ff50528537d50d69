package io.linchpin.http.sigv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestView;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    @ValueSource(strings = {"-1", "604801", "1.5", "", "1e3", "%2B60", "99999999999999999999", "0x10"})
    void expiresIsAnIntegerOfAtMostAWeek(String expires) {
        assertRefused(ErrorCode.AuthorizationQueryParametersError, url(expires), HOST, TestSigner.NOW);
    }

    /** As S3 has it, whose words for a negative number are that it must not be negative. */
    @Test
    void aLifeOfNoSecondsIsOver() {
        assertRefused(ErrorCode.AccessDenied, url("0"), HOST, TestSigner.NOW);
        assertRefused(ErrorCode.AccessDenied, url("0"), HOST, TestSigner.NOW.minusSeconds(1));
    }

    /** In the words of S3, by which people look up what is wrong. */
    @ParameterizedTest
    @CsvSource({"-1,X-Amz-Expires must be non-negative", "1e3,X-Amz-Expires should be a number"})
    void whatIsWrongWithTheTimeIsTold(String expires, String told) {
        Authentication.Refused refused =
                assertInstanceOf(Authentication.Refused.class, verify(url(expires), HOST, TestSigner.NOW));
        assertEquals(told, refused.failure().message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-copy-source", "x-amz-acl", "x-amz-meta-a", "x-amz-tagging"})
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
    void contentTypeMustBeSignedUnlessTheDeploymentSaysOtherwise() {
        Map<String, String> typed = Map.of("host", "h", "content-type", "text/plain");
        Authentication.Refused refused =
                assertInstanceOf(Authentication.Refused.class, verify(url("60"), typed, TestSigner.NOW));
        assertTrue(refused.failure().message().contains("content-type-signed = off"));
        SignatureVerifier lax = new SignatureVerifier(SigV4Settings.of("us-east-1", false));
        assertInstanceOf(
                Authentication.Verified.class,
                lax.verify(TestSigner.view("PUT", url("60"), typed), TestSigner.store(), TestSigner.NOW));
        String signed = TestSigner.presigned("PUT", "/b/k", typed, "content-type;host", "60");
        assertInstanceOf(Authentication.Verified.class, verify(signed, typed, TestSigner.NOW));
        assertInstanceOf(
                Authentication.Refused.class,
                verify(signed, Map.of("host", "h", "content-type", "text/html"), TestSigner.NOW));
    }

    private static Headers seen(String... more) {
        return assertInstanceOf(Authentication.Verified.class, verify(url("60", more), HOST, TestSigner.NOW))
                .request()
                .headers();
    }

    @Test
    void aParameterThatStandsForAHeaderIsSeenAsOne() {
        Headers headers = seen("x-amz-meta-a=b%20c", "X-Amz-Acl=private", "response-expires=x", "x-id=PutObject");
        assertEquals("b c", headers.first("x-amz-meta-a").orElseThrow());
        assertEquals("private", headers.first("x-amz-acl").orElseThrow());
        assertEquals(3, headers.size());
    }

    @Test
    void theAuthorizationIsNoHeader() {
        assertEquals(
                1, seen("X-Amz-Content-Sha256=UNSIGNED-PAYLOAD", "x-amz-date=x").size());
    }

    /** What the presigner of JavaScript makes for a body that it does not have. */
    @Test
    void aChecksumOfNoBytesIsNotMeant() {
        Headers headers = seen("x-amz-checksum-crc32=AAAAAA%3D%3D", "x-amz-sdk-checksum-algorithm=CRC32");
        assertEquals(1, headers.size());
        assertEquals(
                "NhCmhg==",
                seen("x-amz-checksum-crc32=NhCmhg%3D%3D")
                        .first("x-amz-checksum-crc32")
                        .orElseThrow());
    }

    @Test
    void whatIsHeaderAndParameterIsRefused() {
        Map<String, String> headers = Map.of("host", "h", "x-amz-meta-a", "1");
        String url = TestSigner.presigned("PUT", "/b/k", headers, "host;x-amz-meta-a", "60", "X-Amz-Meta-A=1");
        assertRefused(ErrorCode.InvalidRequest, url, headers, TestSigner.NOW);
    }

    @Test
    void aParameterThatCannotBeAHeaderIsRefused() {
        for (String bad : new String[] {
            "x-amz-meta-a%0D%0Ab=1",
            "x-amz-meta-a%3A=1",
            "x-amz-meta-a%C3%BC=1",
            "x-amz-meta-a=1%0D%0Ab",
            "x-amz-meta-a=%00"
        }) {
            assertRefused(ErrorCode.InvalidRequest, url("60", bad), HOST, TestSigner.NOW);
        }
        assertRefused(ErrorCode.InvalidArgument, url("60", "x-amz-acl=a", "x-amz-acl=b"), HOST, TestSigner.NOW);
    }

    @Test
    void aParameterOfARequestSignedByHeaderIsNoHeader() {
        RequestView view = TestSigner.signed("PUT", "/b/k?x-amz-meta-a=1", TestSigner.head());
        Authentication.Verified verified = assertInstanceOf(
                Authentication.Verified.class, TestSigner.verifier().verify(view, TestSigner.store(), TestSigner.NOW));
        assertEquals(view, verified.request());
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
            url.replace("SignedHeaders=host", "SignedHeaders=Host")
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
            url.replaceFirst("Signature=[0-9a-f]", "Signature="),
            url.replaceFirst("Signature=[0-9a-f]", "Signature=Z"),
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
