package io.linchpin.http.body;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.linchpin.http.sigv4.PayloadMode;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.store.value.ChecksumAlgorithm;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a head may promise about its body. */
class BodyExpectationsTest {
    private static final PayloadMode UNSIGNED = new PayloadMode.Unsigned();
    private static final PayloadMode TRAILER = new PayloadMode.UnsignedChunksTrailer();

    private static BodyExpectations parse(PayloadMode mode, String... headers) {
        return BodyExpectations.parse(Headers.of(headers), mode);
    }

    private static void assertRefused(ErrorCode code, PayloadMode mode, String... headers) {
        S3Exception e = assertThrows(S3Exception.class, () -> parse(mode, headers));
        assertEquals(code, e.failure().code());
    }

    @Test
    void nothingPromised() {
        assertEquals(BodyExpectations.NONE, parse(UNSIGNED, "x-amz-checksum-type", "FULL_OBJECT"));
    }

    @Test
    void everyKindOfPromise() {
        BodyExpectations e = parse(
                new PayloadMode.Sha256Hex("ab"),
                "content-md5",
                "1B2M2Y8AsgTpgAmY7PhCfg==",
                "x-amz-checksum-crc32",
                "AAAAAA==",
                "x-amz-sdk-checksum-algorithm",
                "CRC32");
        assertEquals(Optional.of("1B2M2Y8AsgTpgAmY7PhCfg=="), e.md5Base64());
        assertEquals(Optional.of("ab"), e.sha256Hex());
        assertEquals(Optional.of(ChecksumAlgorithm.CRC32), e.algorithm());
        assertEquals(
                Optional.of(ChecksumAlgorithm.CRC64NVME),
                parse(TRAILER, "x-amz-trailer", "x-amz-checksum-crc64nvme").trailingAlgorithm());
    }

    @Test
    void aMalformedMd5() {
        for (String md5 : List.of("", "x", "AAAA", "1B2M2Y8AsgTpgAmY7PhCfh==", "1B2M2Y8AsgTpgAmY7PhCfg")) {
            assertRefused(ErrorCode.InvalidDigest, UNSIGNED, "content-md5", md5);
        }
    }

    @Test
    void aMalformedChecksumOrMoreThanOne() {
        for (String value : List.of("", "AAAA", "not base64", "AAAAAA")) {
            assertRefused(ErrorCode.InvalidRequest, UNSIGNED, "x-amz-checksum-crc32", value);
        }
        assertRefused(
                ErrorCode.InvalidRequest,
                UNSIGNED,
                "x-amz-checksum-crc32",
                "AAAAAA==",
                "x-amz-checksum-crc32c",
                "AAAAAA==");
        assertRefused(
                ErrorCode.InvalidRequest,
                TRAILER,
                "x-amz-checksum-crc32",
                "AAAAAA==",
                "x-amz-trailer",
                "x-amz-checksum-crc32");
    }

    @Test
    void aChecksumOfAnAlgorithmThatNobodyChecks() {
        for (String name : List.of("x-amz-checksum-md5", "x-amz-checksum-sha512", "x-amz-checksum-")) {
            assertRefused(ErrorCode.InvalidRequest, UNSIGNED, name, "AAAAAA==");
        }
    }

    @Test
    void aTrailerThatIsNoChecksumOrMoreThanOne() {
        for (String names :
                List.of("", "x-amz-meta-a", "x-amz-checksum-crc32,x-amz-checksum-sha1", "x-amz-checksum-md5")) {
            assertRefused(ErrorCode.InvalidRequest, TRAILER, "x-amz-trailer", names);
        }
    }

    @Test
    void anSdkAlgorithmThatNothingBearsOut() {
        assertRefused(ErrorCode.InvalidRequest, UNSIGNED, "x-amz-sdk-checksum-algorithm", "CRC32");
        assertRefused(
                ErrorCode.InvalidRequest,
                UNSIGNED,
                "x-amz-sdk-checksum-algorithm",
                "SHA1",
                "x-amz-checksum-crc32",
                "AAAAAA==");
        assertRefused(
                ErrorCode.InvalidRequest,
                UNSIGNED,
                "x-amz-sdk-checksum-algorithm",
                "MD5",
                "x-amz-checksum-crc32",
                "AAAAAA==");
    }
}
