package io.linchpin.http.sigv4;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.Iso8601;
import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/** Decides who sent a request, from its head alone. Safe for use by many threads. */
public final class SignatureVerifier {
    private static final String CONTENT_SHA256 = "x-amz-content-sha256";

    /** Signs in place of a key pair that does not exist, so that its absence costs the same work. */
    private static final Credentials NOBODY = new Credentials("", SecretKey.of("nobody has this secret"));

    private final SigV4Settings settings;
    private final SigningKeys signingKeys;

    public SignatureVerifier(SigV4Settings settings) {
        this.settings = settings;
        this.signingKeys = new SigningKeys(settings.region());
    }

    /** Judges a request at a time. */
    public Authentication verify(RequestView request, CredentialStore credentials, Instant now) {
        try {
            HeaderRules.refuseRepeats(request.headers());
            boolean byHeader = request.headers().has("authorization");
            boolean byQuery = PresignedQuery.isIn(request.target());
            if (byHeader && byQuery) {
                throw new S3Exception(
                        ErrorCode.InvalidArgument,
                        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query"
                                + " string parameter or the Authorization header should be specified");
            }
            if (byHeader) {
                return verifyHeader(request, credentials, now);
            }
            return byQuery ? hoisted(verifyQuery(request, credentials, now)) : anonymous(request.headers());
        } catch (S3Exception e) {
            return new Authentication.Refused(e.failure());
        }
    }

    private Authentication verifyHeader(RequestView request, CredentialStore credentials, Instant now) {
        Headers headers = request.headers();
        AuthorizationHeader authorization =
                AuthorizationHeader.parse(headers.first("authorization").orElseThrow());
        CredentialScope scope = authorization.scope();
        AmzDate date = date(headers);
        if (!date.isOfDay(scope.date())) {
            throw AuthorizationHeader.malformed(wrongDay(scope, date));
        }
        if (!scope.region().equals(settings.region())) {
            throw new S3Exception(S3Failure.of(
                            ErrorCode.AuthorizationHeaderMalformed,
                            "The authorization header is malformed; the region '" + scope.region()
                                    + "' is wrong; expecting '" + settings.region() + "'")
                    .with("Region", settings.region()));
        }
        if (Duration.between(date.instant(), now).abs().compareTo(settings.maxSkew()) > 0) {
            throw S3Failure.of(ErrorCode.RequestTimeTooSkewed)
                    .with("RequestTime", date.text())
                    .with("ServerTime", Iso8601.format(now))
                    .with(
                            "MaxAllowedSkewMilliseconds",
                            Long.toString(settings.maxSkew().toMillis()))
                    .exception();
        }
        String payloadHash = headers.first(CONTENT_SHA256)
                .orElseThrow(() -> new S3Exception(
                        ErrorCode.InvalidRequest, "Missing required header for this request: x-amz-content-sha256"));
        HeaderRules.refuseUnsigned(headers, authorization.signedHeaders(), settings.contentTypeSigned(), true);
        return check(
                request,
                credentials,
                new Claim(scope, authorization.signedHeaders(), authorization.signature(), date, payloadHash));
    }

    private static String wrongDay(CredentialScope scope, AmzDate date) {
        return "Invalid credential date \"" + scope.date() + "\". This date is not the same as X-Amz-Date: \""
                + date.text().substring(0, 8) + "\".";
    }

    private static AmzDate date(Headers headers) {
        Optional<String> amzDate = headers.first("x-amz-date");
        return (amzDate.isPresent()
                        ? amzDate.flatMap(AmzDate::parse)
                        : headers.first("date").flatMap(AmzDate::parseDateHeader))
                .orElseThrow(() -> new S3Exception(
                        ErrorCode.AccessDenied, "AWS authentication requires a valid Date or x-amz-date header"));
    }

    private Authentication.Verified verifyQuery(RequestView request, CredentialStore credentials, Instant now) {
        PresignedQuery query = PresignedQuery.parse(request.target());
        CredentialScope scope = query.scope();
        if (!query.date().isOfDay(scope.date())) {
            throw PresignedQuery.malformed(wrongDay(scope, query.date()));
        }
        if (!scope.region().equals(settings.region())) {
            throw new S3Exception(S3Failure.of(
                            ErrorCode.AuthorizationQueryParametersError,
                            "Error parsing the X-Amz-Credential parameter; the region '" + scope.region()
                                    + "' is wrong; expecting '" + settings.region() + "'")
                    .with("Region", settings.region()));
        }
        Instant from = query.date().instant();
        if (now.isBefore(from.minus(settings.maxSkew()))) {
            throw new S3Exception(S3Failure.of(ErrorCode.AccessDenied, "Request is not yet valid")
                    .with("ServerTime", Iso8601.format(now)));
        }
        Instant until = from.plusSeconds(query.expiresSeconds());
        if (now.isAfter(until) || query.expiresSeconds() == 0) {
            throw S3Failure.of(ErrorCode.AccessDenied, "Request has expired")
                    .with("X-Amz-Expires", Long.toString(query.expiresSeconds()))
                    .with("Expires", Iso8601.format(until))
                    .with("ServerTime", Iso8601.format(now))
                    .exception();
        }
        HeaderRules.refuseUnsigned(request.headers(), query.signedHeaders(), settings.contentTypeSigned(), false);
        String payloadHash = request.headers()
                .first(CONTENT_SHA256)
                .or(() -> request.target().parameter("X-Amz-Content-Sha256"))
                .orElse("UNSIGNED-PAYLOAD");
        return check(
                request,
                credentials,
                new Claim(scope, query.signedHeaders(), query.signature(), query.date(), payloadHash));
    }

    private static Authentication hoisted(Authentication.Verified v) {
        return new Authentication.Verified(
                v.accessKeyId(), HoistedHeaders.of(v.request()), v.payload(), v.chunkSigner());
    }

    private static Authentication anonymous(Headers headers) {
        Optional<String> text = headers.first(CONTENT_SHA256);
        PayloadMode mode = text.isPresent() ? PayloadMode.parse(text.get()) : new PayloadMode.Unsigned();
        if (mode instanceof PayloadMode.SignedChunks) {
            throw new S3Exception(ErrorCode.InvalidRequest, "Signed chunks need a signed request.");
        }
        return new Authentication.Anonymous(mode);
    }

    /** What either form of authorization comes down to. */
    private record Claim(
            CredentialScope scope,
            SignedHeaders signedHeaders,
            Signature signature,
            AmzDate date,
            String payloadHash) {}

    private Authentication.Verified check(RequestView request, CredentialStore credentials, Claim claim) {
        PayloadMode mode = PayloadMode.parse(claim.payloadHash);
        CredentialScope scope = claim.scope;
        if (request.headers().has("x-amz-security-token") || request.target().has("X-Amz-Security-Token")) {
            // Temporary credentials are not given out, so no token can be right.
            throw new S3Exception(ErrorCode.InvalidToken);
        }
        Optional<Credentials> found = credentials.find(scope.accessKeyId());
        SecretKeySpec key = signingKeys.of(found.orElse(NOBODY), scope.date());
        String canonical = CanonicalRequest.of(request, claim.signedHeaders, claim.payloadHash);
        String toSign = stringToSign(claim.date, scope, canonical);
        boolean good = new Signature(Sha256.hmac(key, toSign)).matches(claim.signature);
        if (found.isEmpty()) {
            throw new S3Exception(
                    S3Failure.of(ErrorCode.InvalidAccessKeyId).with("AWSAccessKeyId", scope.accessKeyId()));
        }
        if (!good) {
            throw S3Failure.of(ErrorCode.SignatureDoesNotMatch)
                    .with("AWSAccessKeyId", scope.accessKeyId())
                    .with("StringToSign", toSign)
                    .with("CanonicalRequest", canonical)
                    .exception();
        }
        Optional<ChunkSigner> chunks = mode instanceof PayloadMode.SignedChunks
                ? Optional.of(new ChunkSigner(key, claim.date, scope, claim.signature))
                : Optional.empty();
        return new Authentication.Verified(scope.accessKeyId(), request, mode, chunks);
    }

    /** What the head of a request with that canonical form must be signed with. */
    static Signature signature(SecretKeySpec key, AmzDate date, CredentialScope scope, String canonical) {
        return new Signature(Sha256.hmac(key, stringToSign(date, scope, canonical)));
    }

    private static String stringToSign(AmzDate date, CredentialScope scope, String canonical) {
        return AuthorizationHeader.ALGORITHM
                + '\n'
                + date.text()
                + '\n'
                + scope.text()
                + '\n'
                + Sha256.hashHex(canonical);
    }
}
