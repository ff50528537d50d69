package io.linchpin.http.sigv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a request by header may be wrong. */
class SigV4RefusalTest {
    private static Authentication verify(RequestView request, Instant now) {
        return TestSigner.verifier().verify(request, TestSigner.store(), now);
    }

    private static void assertRefused(ErrorCode code, RequestView request) {
        assertRefused(code, request, TestSigner.NOW);
    }

    private static void assertRefused(ErrorCode code, RequestView request, Instant now) {
        Authentication.Refused refused = assertInstanceOf(Authentication.Refused.class, verify(request, now));
        assertEquals(code, refused.failure().code(), refused.failure().message());
    }

    private static RequestView with(RequestView request, String name, String value) {
        Headers.Builder b = Headers.builder();
        for (int i = 0; i < request.headers().size(); i++) {
            b.add(request.headers().name(i), request.headers().value(i));
        }
        return new RequestView(
                request.method(), request.target(), b.add(name, value).build());
    }

    private static RequestView authorization(String value) {
        return TestSigner.view("GET", "/b/k", TestSigner.head("authorization", value));
    }

    private static final String SIGNATURE = "0".repeat(64);

    private static RequestView credential(String credential) {
        return authorization("AWS4-HMAC-SHA256 Credential=" + credential
                + ",SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=" + SIGNATURE);
    }

    @Test
    void theRequestThatTheOthersSpoilIsGood() {
        assertInstanceOf(
                Authentication.Verified.class,
                verify(TestSigner.signed("GET", "/b/k", TestSigner.head()), TestSigner.NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-copy-source", "x-amz-acl", "x-amz-meta-a", "x-amz-tagging", "content-type"})
    void aHeaderThatMattersAndIsNotSigned(String name) {
        RequestView r = TestSigner.signed("PUT", "/b/k", TestSigner.head(name, "v"), name);
        assertRefused(ErrorCode.AccessDenied, r);
        assertRefused(ErrorCode.AccessDenied, with(TestSigner.signed("PUT", "/b/k", TestSigner.head()), name, "v"));
    }

    @Test
    void aTypeNeedNotBeSignedWhereTheDeploymentSaysSo() {
        SignatureVerifier lax = new SignatureVerifier(SigV4Settings.of("us-east-1", false));
        RequestView typed =
                TestSigner.signed("PUT", "/b/k", TestSigner.head("content-type", "text/plain"), "content-type");
        assertInstanceOf(Authentication.Verified.class, lax.verify(typed, TestSigner.store(), TestSigner.NOW));
        RequestView more = with(typed, "x-amz-acl", "private");
        assertInstanceOf(Authentication.Refused.class, lax.verify(more, TestSigner.store(), TestSigner.NOW));
    }

    /** Where it alone is missing; else the setting would not help. */
    @Test
    void theSettingIsNamedWhereOnlyTheTypeIsNotSigned() {
        RequestView typed =
                TestSigner.signed("PUT", "/b/k", TestSigner.head("content-type", "text/plain"), "content-type");
        assertTrue(refusal(typed).contains("linchpin.http.content-type-signed = off"));
        assertTrue(!refusal(with(typed, "x-amz-acl", "private")).contains("linchpin.http"));
    }

    private static String refusal(RequestView request) {
        return assertInstanceOf(Authentication.Refused.class, verify(request, TestSigner.NOW))
                .failure()
                .message();
    }

    @Test
    void hostOrDateNotSigned() {
        assertRefused(ErrorCode.AccessDenied, TestSigner.signed("GET", "/b/k", TestSigner.head(), "host"));
        assertRefused(ErrorCode.AccessDenied, TestSigner.signed("GET", "/b/k", TestSigner.head(), "x-amz-date"));
        Map<String, String> dateOnly = TestSigner.head("date", "Fri, 24 May 2013 00:00:00 GMT");
        dateOnly.remove("x-amz-date");
        assertRefused(ErrorCode.AccessDenied, TestSigner.signed("GET", "/b/k", dateOnly, "date"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UNSIGNED-PAYLOAD",
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            })
    void aWrongSignatureInEveryPayloadMode(String mode) {
        Map<String, String> headers = TestSigner.head("x-amz-content-sha256", mode);
        RequestView good = TestSigner.signed("PUT", "/b/k", headers);
        assertInstanceOf(Authentication.Verified.class, verify(good, TestSigner.NOW));
        RequestView bare = TestSigner.view("PUT", "/b/k", headers);
        assertRefused(
                ErrorCode.SignatureDoesNotMatch,
                TestSigner.withAuthorization(
                        bare,
                        headers,
                        TestSigner.KEY_ID + "/" + TestSigner.SCOPE,
                        "host;x-amz-content-sha256;x-amz-date",
                        SIGNATURE));
    }

    @Test
    void whatIsSignedCannotBeChanged() {
        RequestView good = TestSigner.signed("GET", "/b/k?versionId=1", TestSigner.head("x-amz-meta-a", "v"));
        assertInstanceOf(Authentication.Verified.class, verify(good, TestSigner.NOW));
        for (String target :
                List.of("/b/k?versionId=2", "/b/k", "/b//k?versionId=1", "/b/./k?versionId=1", "/b/K?versionId=1")) {
            assertRefused(
                    ErrorCode.SignatureDoesNotMatch,
                    new RequestView("GET", RequestTarget.parse(target).orElseThrow(), good.headers()));
        }
        assertRefused(ErrorCode.SignatureDoesNotMatch, new RequestView("DELETE", good.target(), good.headers()));
        assertRefused(ErrorCode.SignatureDoesNotMatch, with(good, "x-amz-meta-a", "w"));
    }

    @Test
    void aClockThatIsOffByMoreThanFifteenMinutes() {
        RequestView r = TestSigner.signed("GET", "/b/k", TestSigner.head());
        assertInstanceOf(Authentication.Verified.class, verify(r, TestSigner.NOW.plusSeconds(900)));
        assertInstanceOf(Authentication.Verified.class, verify(r, TestSigner.NOW.minusSeconds(900)));
        assertRefused(ErrorCode.RequestTimeTooSkewed, r, TestSigner.NOW.plusSeconds(901));
        assertRefused(ErrorCode.RequestTimeTooSkewed, r, TestSigner.NOW.minusSeconds(901));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AKID/20130524/eu-west-1/s3/aws4_request",
                "AKID/20130524/us-east-1/ec2/aws4_request",
                "AKID/20130524/us-east-1/s3/aws4_reques",
                "AKID/20130524/us-east-1/s3/AWS4_REQUEST",
                "AKID/20130525/us-east-1/s3/aws4_request",
                "AKID/2013052/us-east-1/s3/aws4_request",
                "AKID/2013052x/us-east-1/s3/aws4_request",
                "AKID/20130524//s3/aws4_request",
                "/20130524/us-east-1/s3/aws4_request",
                "A/B/20130524/us-east-1/s3/aws4_request",
                "AKID/20130524/us/east/s3/aws4_request",
                "AKID",
                ""
            })
    void aScopeThatIsNotExact(String credential) {
        assertRefused(ErrorCode.AuthorizationHeaderMalformed, credential(credential));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AWS4-HMAC-SHA256 ",
                "AWS4-HMAC-SHA256 Credential=AKID/20130524/us-east-1/s3/aws4_request",
                "AWS4-HMAC-SHA256 Credential=C,SignedHeaders=host,Signature=S,Credential=C",
                "AWS4-HMAC-SHA256 Credential=C,SignedHeaders=host,Signature=S,Other=O",
                "AWS4-HMAC-SHA256 Credential=C,SignedHeaders=host,Signature=S,",
                "AWS4-HMAC-SHA256 Credential=AKID/20130524/us-east-1/s3/aws4_request,SignedHeaders=Host,Signature="
                        + "0000000000000000000000000000000000000000000000000000000000000000",
                "AWS4-HMAC-SHA256 Credential=AKID/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;host,Signature="
                        + "0000000000000000000000000000000000000000000000000000000000000000",
                "AWS4-HMAC-SHA256 Credential=AKID/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;,Signature="
                        + "0000000000000000000000000000000000000000000000000000000000000000",
                "AWS4-HMAC-SHA256 Credential=AKID/20130524/us-east-1/s3/aws4_request,SignedHeaders=x-a;host,Signature="
                        + "0000000000000000000000000000000000000000000000000000000000000000",
                "AWS4-HMAC-SHA256 Credential=AKID/20130524/us-east-1/s3/aws4_request,SignedHeaders=host,Signature="
            })
    void anAuthorizationHeaderThatIsMalformed(String value) {
        assertRefused(ErrorCode.AuthorizationHeaderMalformed, authorization(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "00", "invalid", "000000000000000000000000000000000000000000000000000000000000000A"})
    void aTextThatIsNoSignatureMatchesNothing(String signature) {
        assertRefused(
                ErrorCode.SignatureDoesNotMatch,
                authorization("AWS4-HMAC-SHA256 Credential=" + TestSigner.KEY_ID + "/" + TestSigner.SCOPE
                        + ",SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=" + signature));
    }

    /** In the words of S3, by which people look up what is wrong. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AKID | the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
                "AKID/2013/us-east-1/s3/aws4_request | incorrect date format \"2013\". This date in the credential must"
                        + " be in the format \"yyyyMMdd\".",
                "AKID/20130525/us-east-1/s3/aws4_request | Invalid credential date \"20130525\". This date is not the"
                        + " same as X-Amz-Date: \"20130524\".",
                "AKID/20130524/eu-west-1/s3/aws4_request | the region 'eu-west-1' is wrong; expecting 'us-east-1'",
                "AKID/20130524/us-east-1/ec2/aws4_request | incorrect service \"ec2\". This endpoint belongs to \"s3\".",
                "AKID/20130524/us-east-1/s3/aws4 | incorrect terminal \"aws4\". This endpoint uses \"aws4_request\"."
            },
            quoteCharacter = '`')
    void whatIsWrongWithTheScopeIsTold(String credential, String told) {
        Authentication.Refused refused =
                assertInstanceOf(Authentication.Refused.class, verify(credential(credential), TestSigner.NOW));
        assertEquals(
                "The authorization header is malformed; " + told,
                refused.failure().message());
    }

    @Test
    void anotherKindOfAuthorization() {
        assertRefused(ErrorCode.InvalidRequest, authorization("AWS AKID:c2ln"));
        assertRefused(ErrorCode.InvalidRequest, authorization("AWS4-ECDSA-P256-SHA256 Credential=C"));
        assertRefused(ErrorCode.InvalidArgument, authorization("Bearer token"));
        assertRefused(ErrorCode.InvalidArgument, authorization(""));
    }

    @Test
    void bothKindsOfAuthorizationAtOnce() {
        String target = TestSigner.presigned("GET", "/b/k", Map.of("host", "h"), "host", "60");
        assertRefused(ErrorCode.InvalidArgument, TestSigner.signed("GET", target, TestSigner.head()));
        assertRefused(ErrorCode.InvalidArgument, TestSigner.signed("GET", "/b/k?X-Amz-Signature=0", TestSigner.head()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization",
                "host",
                "x-amz-date",
                "x-amz-content-sha256",
                "x-amz-copy-source",
                "content-type",
                "content-length",
                "content-md5",
                "x-amz-decoded-content-length"
            })
    void aHeaderThatStandsThereTwice(String name) {
        RequestView once = TestSigner.signed(
                "PUT", "/b/k", TestSigner.head("content-length", "1", "content-type", "t", "content-md5", "m"));
        RequestView twice = with(once, name, "x");
        assertRefused(ErrorCode.InvalidArgument, twice.headers().all(name).size() > 1 ? twice : with(twice, name, "x"));
    }

    @Test
    void aMissingOrMalformedPayloadHashOrDate() {
        Map<String, String> noHash = TestSigner.head();
        noHash.remove("x-amz-content-sha256");
        RequestView bare = TestSigner.view("GET", "/b/k", noHash);
        assertRefused(
                ErrorCode.InvalidRequest,
                TestSigner.withAuthorization(
                        bare, noHash, TestSigner.KEY_ID + "/" + TestSigner.SCOPE, "host;x-amz-date", SIGNATURE));
        for (String hash : List.of("", "unsigned-payload", "E3" + "0".repeat(62), "0".repeat(63), "STREAMING-X")) {
            assertRefused(
                    ErrorCode.InvalidArgument,
                    TestSigner.signed("GET", "/b/k", TestSigner.head("x-amz-content-sha256", hash)));
        }
        for (String date : List.of("", "20130524T000000", "2013-05-24T00:00:00Z", "20130532T000000Z")) {
            assertRefused(
                    ErrorCode.AccessDenied, TestSigner.signed("GET", "/b/k", TestSigner.head("x-amz-date", date)));
        }
    }

    @Test
    void aTokenOfTemporaryCredentials() {
        assertRefused(
                ErrorCode.InvalidToken, TestSigner.signed("GET", "/b/k", TestSigner.head("x-amz-security-token", "t")));
    }

    @Test
    void anUnknownKeyIsLookedUpAndRefusedLikeAnyOther() {
        assertRefused(ErrorCode.InvalidAccessKeyId, credential("NOBODY/20130524/us-east-1/s3/aws4_request"));
        List<String> lookups = new ArrayList<>();
        Authentication a = TestSigner.verifier()
                .verify(
                        credential("NOBODY/20130524/us-east-1/s3/aws4_request"),
                        id -> {
                            lookups.add(id);
                            return Optional.empty();
                        },
                        TestSigner.NOW);
        assertInstanceOf(Authentication.Refused.class, a);
        assertEquals(List.of("NOBODY"), lookups);
    }

    @Test
    void aSecretThatWasChangedTakesEffectAtOnce() {
        SignatureVerifier verifier = TestSigner.verifier();
        RequestView r = TestSigner.signed("GET", "/b/k", TestSigner.head());
        assertInstanceOf(Authentication.Verified.class, verifier.verify(r, TestSigner.store(), TestSigner.NOW));
        CredentialStore changed = id -> Optional.of(new Credentials(id, SecretKey.of("another secret")));
        Authentication.Refused refused =
                assertInstanceOf(Authentication.Refused.class, verifier.verify(r, changed, TestSigner.NOW));
        assertEquals(ErrorCode.SignatureDoesNotMatch, refused.failure().code());
    }

    @Test
    void anonymousRequestsKeepTheirPayloadMode() {
        assertEquals(
                new Authentication.Anonymous(new PayloadMode.Unsigned()),
                verify(TestSigner.view("GET", "/b/k?versionId=1", Map.of("host", "h")), TestSigner.NOW));
        Map<String, String> trailer = Map.of("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
        assertEquals(
                new Authentication.Anonymous(new PayloadMode.UnsignedChunksTrailer()),
                verify(TestSigner.view("PUT", "/b/k", trailer), TestSigner.NOW));
        assertRefused(
                ErrorCode.InvalidRequest,
                TestSigner.view("PUT", "/b/k", Map.of("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")));
    }

    @Test
    void nothingShowsASecret() {
        String secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        Authentication good = verify(
                TestSigner.signed(
                        "PUT", "/b/k", TestSigner.head("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")),
                TestSigner.NOW);
        String shown = TestSigner.ACCOUNT + " " + good + " "
                + TestSigner.signed("GET", "/b/k", TestSigner.head()).headers() + " "
                + Signature.parse(SIGNATURE).orElseThrow();
        assertTrue(!shown.contains(secret) && !shown.contains(SIGNATURE) && !shown.contains("Signature="), shown);
    }
}
