package io.linchpin.http.body;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ETag;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The digests of {@code hello} by another implementation, and every promise broken. */
class BodyDigestsTest {
    private static final String MD5 = "XUFAKrxLKna5cZ2REBfFkg==";
    private static final String SHA256_HEX = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    private static final ETag ETAG = new ETag("5d41402abc4b2a76b9719d911017c592");

    private static BodyDigests.Result hello(
            BodyExpectations expectations, Optional<ChecksumAlgorithm> fallback, Trailers trailers) {
        BodyDigests digests = new BodyDigests(expectations, fallback);
        ByteBuffer all = ByteBuffer.wrap("xhellox".getBytes(StandardCharsets.US_ASCII));
        digests.update(all.slice(1, 2));
        digests.update(ByteBuffer.allocateDirect(3).put(all.slice(3, 3)).flip());
        assertEquals(5, digests.sizeBytes());
        return digests.finish(trailers);
    }

    private static BodyExpectations checksum(ChecksumAlgorithm algorithm, String base64) {
        return new BodyExpectations(
                Optional.empty(), Optional.empty(), Checksum.parseFull(algorithm, base64), Optional.empty());
    }

    private static BodyExpectations trailing(ChecksumAlgorithm algorithm) {
        return new BodyExpectations(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(algorithm));
    }

    private static void assertBad(ErrorCode code, BodyDigests.Result result) {
        assertEquals(
                code,
                assertInstanceOf(BodyDigests.Result.Bad.class, result).failure().code());
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32,NhCmhg==,NhCmhw==",
        "CRC32C,mnG7TA==,mnG7TQ==",
        "CRC64NVME,M3eFcAZSQlc=,M3eFcAZSQlg=",
        "SHA1,qvTGHdzF6KLavt4PO0gs2a6pQ00=,qvTGHdzF6KLavt4PO0gs2a6pQ08=",
        "SHA256,LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=,LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCU="
    })
    void everyAlgorithmByHeaderTrailerAndFallback(ChecksumAlgorithm algorithm, String right, String wrong) {
        BodyDigests.Result good = new BodyDigests.Result.Good(ETAG, 5, Checksum.parseFull(algorithm, right));
        assertEquals(good, hello(checksum(algorithm, right), Optional.empty(), Trailers.NONE));
        assertEquals(good, hello(BodyExpectations.NONE, Optional.of(algorithm), Trailers.NONE));
        Trailers trailers = new Trailers(Map.of(algorithm.headerName(), right));
        assertEquals(good, hello(trailing(algorithm), Optional.of(ChecksumAlgorithm.CRC32), trailers));
        assertBad(ErrorCode.BadDigest, hello(checksum(algorithm, wrong), Optional.empty(), Trailers.NONE));
        assertBad(
                ErrorCode.BadDigest,
                hello(trailing(algorithm), Optional.empty(), new Trailers(Map.of(algorithm.headerName(), wrong))));
        assertBad(
                ErrorCode.InvalidRequest,
                hello(trailing(algorithm), Optional.empty(), new Trailers(Map.of(algorithm.headerName(), "AA"))));
        assertBad(ErrorCode.MalformedTrailerError, hello(trailing(algorithm), Optional.empty(), Trailers.NONE));
    }

    @ParameterizedTest
    @CsvSource({"CRC32", "SHA256"})
    void thePayloadHashIsCheckedBesideAnyChecksum(ChecksumAlgorithm algorithm) {
        BodyExpectations right =
                new BodyExpectations(Optional.of(MD5), Optional.of(SHA256_HEX), Optional.empty(), Optional.empty());
        assertInstanceOf(BodyDigests.Result.Good.class, hello(right, Optional.of(algorithm), Trailers.NONE));
        BodyExpectations wrong = new BodyExpectations(
                Optional.empty(), Optional.of(SHA256_HEX.replace('2', '3')), Optional.empty(), Optional.empty());
        assertBad(ErrorCode.XAmzContentSHA256Mismatch, hello(wrong, Optional.of(algorithm), Trailers.NONE));
        assertBad(ErrorCode.XAmzContentSHA256Mismatch, hello(wrong, Optional.empty(), Trailers.NONE));
    }

    @Test
    void theMd5IsChecked() {
        BodyExpectations wrong = new BodyExpectations(
                Optional.of("1B2M2Y8AsgTpgAmY7PhCfg=="), Optional.empty(), Optional.empty(), Optional.empty());
        assertBad(ErrorCode.BadDigest, hello(wrong, Optional.empty(), Trailers.NONE));
    }

    @Test
    void anEmptyBodyHasDigestsToo() {
        BodyDigests digests = new BodyDigests(BodyExpectations.NONE, Optional.empty());
        assertEquals(
                new BodyDigests.Result.Good(new ETag("d41d8cd98f00b204e9800998ecf8427e"), 0, Optional.empty()),
                digests.finish(Trailers.NONE));
    }
}
