package io.linchpin.http.body;

import static io.linchpin.http.body.AwsChunked.ascii;
import static io.linchpin.http.body.AwsChunked.assertRefused;
import static io.linchpin.http.body.AwsChunked.decode;
import static io.linchpin.http.body.AwsChunked.signed;
import static io.linchpin.http.body.AwsChunked.unsigned;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.linchpin.http.sigv4.TestSigner;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the S3 documentation, and every way in which an aws-chunked body may be wrong. */
class AwsChunkedDecoderTest {
    private static final String CRC = "x-amz-checksum-crc32";

    private static byte[] sixtyFiveKiB() {
        byte[] data = new byte[66_560];
        Arrays.fill(data, (byte) 'a');
        return data;
    }

    @Test
    void theDocumentedSignedUpload() {
        String body = "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"
                + "a".repeat(65_536)
                + "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"
                + "a".repeat(1024)
                + "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";
        assertArrayEquals(sixtyFiveKiB(), decode(signed(66_560), ascii(body)).data());
        assertArrayEquals(ascii(body), AwsChunked.sign(sixtyFiveKiB(), 65_536, ""));
    }

    @Test
    void theDocumentedSignedUploadWithATrailer() {
        String seed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
        String body = "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"
                + "a".repeat(65_536)
                + "\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"
                + "a".repeat(1024)
                + "\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
                + "x-amz-checksum-crc32c:sOO8/Q==\r\n"
                + "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n";
        AwsChunkedFormat format = new AwsChunkedFormat(
                Optional.of(TestSigner.chunkSigner(seed)), 66_560, List.of("x-amz-checksum-crc32c"));
        AwsChunked.Decoded decoded = decode(format, ascii(body));
        assertArrayEquals(sixtyFiveKiB(), decoded.data());
        assertEquals(new Trailers(Map.of("x-amz-checksum-crc32c", "sOO8/Q==")), decoded.trailers());
    }

    @Test
    void unsignedChunksWithATrailer() {
        AwsChunked.Decoded decoded =
                decode(unsigned(7, CRC), ascii("5\r\nhello\r\n2\r\n\r\n\r\n0\r\n" + CRC + ": AAAAAA== \r\n\r\n"));
        assertEquals("hello\r\n", decoded.text());
        assertEquals(Optional.of("AAAAAA=="), decoded.trailers().get(CRC));
    }

    @Test
    void anEmptyBodyIsOneLastChunk() {
        assertEquals(
                "",
                decode(unsigned(0, CRC), ascii("0\r\n" + CRC + ":AAAAAA==\r\n\r\n"))
                        .text());
        assertEquals(0, decode(signed(0), AwsChunked.sign(new byte[0], 10, "")).data().length);
    }

    @Test
    void aTrailerLineMayEndInABareLineFeedAndThenAnEmptyLine() {
        assertEquals(
                "a",
                decode(unsigned(1, CRC), ascii("1\r\na\r\n0\r\n" + CRC + ":AAAAAA==\n\r\n\r\n"))
                        .text());
        String strict = new String(AwsChunked.sign(ascii("a"), 8, CRC + ":AAAAAA=="), StandardCharsets.ISO_8859_1);
        String loose = strict.replace("AAAAAA==\r\n", "AAAAAA==\n\r\n");
        assertEquals("a", decode(signed(1, CRC), ascii(loose)).text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "5\r\n",
                "5\r\nhel",
                "5\r\nhello",
                "5\r\nhello\r\n",
                "5\r\nhello\r\n0\r\n",
                "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n",
                "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
                "4\r\nhell\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
                "6\r\nhello!\r\n0\r\n",
                "3\r\nhel\r\n3\r\nlo!\r\n0\r\n",
                "7fffffffffffffff\r\nhello"
            })
    void aBodyThatIsCutShortOrNotOfTheDeclaredLength(String body) {
        assertRefused(ErrorCode.IncompleteBody, unsigned(5, CRC), body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "5\nhello",
                " 5\r\nhello",
                "5 \r\nhello",
                "+5\r\nhello",
                "-5\r\nhello",
                "0x5\r\nhello",
                "g\r\n",
                "5;a=b\r\nhello",
                "5;\r\nhello",
                "5\r\nhelloX\r\n0\r\n",
                "5\r\nhelloXX0\r\n",
                "5\r\nhello\n0\r\n",
                "00000000000000005\r\nhello",
                "ffffffffffffffff\r\nhello",
                "5\t\r\nhello",
                "5\r\r\nhello",
                "\u00b2\r\n"
            })
    void aChunkThatIsMalformed(String body) {
        assertRefused(ErrorCode.IncompleteBody, unsigned(5, CRC), body);
    }

    @Test
    void aHeaderLineWithoutEnd() {
        assertRefused(ErrorCode.IncompleteBody, unsigned(5, CRC), "5;" + "x".repeat(2000));
        assertRefused(ErrorCode.IncompleteBody, unsigned(0, CRC), "0\r\n" + CRC + ":" + "x".repeat(2000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "nocolon\r\n\r\n",
                ":v\r\n\r\n",
                "x-other:1\r\n\r\n",
                "x-amz-checksum-crc32:A\r\nx-amz-checksum-crc32:A\r\n\r\n",
                "x-amz-checksum-crc32:A\r\nx-other:1\r\n\r\n",
                "x-amz-checksum-crc32:A\n\n",
                "x-amz-checksum-crc32:A\r\nx-amz-trailer-signature:00\r\n\r\n"
            })
    void aTrailerThatIsMalformed(String trailer) {
        assertRefused(ErrorCode.MalformedTrailerError, unsigned(0, CRC), "0\r\n" + trailer);
    }

    @Test
    void bytesAfterTheEnd() {
        assertRefused(ErrorCode.IncompleteBody, unsigned(0, CRC), "0\r\n" + CRC + ":A\r\n\r\nX");
    }

    @Test
    void aChangedByteOrSignatureAnywhereInASignedBody() {
        byte[] good = AwsChunked.sign(ascii("0123456789"), 4, CRC + ":AAAAAA==");
        assertEquals("0123456789", decode(signed(10, CRC), good).text());
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            assertThrows(S3Exception.class, () -> decode(signed(10, CRC), bad), "byte " + i);
        }
    }

    @Test
    void aSignedBodyCutShortAnywhere() {
        byte[] good = AwsChunked.sign(ascii("0123456789"), 4, CRC + ":AAAAAA==");
        for (int n = 0; n < good.length; n++) {
            assertRefused(ErrorCode.IncompleteBody, signed(10, CRC), Arrays.copyOf(good, n));
        }
    }

    @Test
    void signedChunksInAnotherOrder() {
        String good = new String(AwsChunked.sign(ascii("aabb"), 2, ""), StandardCharsets.ISO_8859_1);
        int chunk = good.indexOf("\r\nbb") - "2;chunk-signature=".length() - 64;
        String swapped = good.substring(chunk, chunk * 2) + good.substring(0, chunk) + good.substring(chunk * 2);
        assertRefused(ErrorCode.SignatureDoesNotMatch, signed(4), swapped);
    }

    @Test
    void aSignedChunkWithoutOrWithAMalformedSignature() {
        for (String header : List.of("1", "1;", "1;x=" + "0".repeat(64))) {
            assertRefused(ErrorCode.IncompleteBody, signed(1), header + "\r\na\r\n");
        }
        for (String header : List.of("1;chunk-signature=", "1;chunk-signature=00")) {
            assertRefused(ErrorCode.SignatureDoesNotMatch, signed(1), header + "\r\na\r\n");
        }
        assertRefused(ErrorCode.SignatureDoesNotMatch, signed(1), "1;chunk-signature=" + "0".repeat(64) + "\r\na\r\n");
    }

    @Test
    void aSignedTrailerThatIsNotSignedOrSignedWrongly() {
        String good = new String(AwsChunked.sign(ascii("a"), 4, CRC + ":AAAAAA=="), StandardCharsets.ISO_8859_1);
        int at = good.indexOf("x-amz-trailer-signature");
        assertRefused(ErrorCode.MalformedTrailerError, signed(1, CRC), good.substring(0, at) + "\r\n");
        assertRefused(
                ErrorCode.SignatureDoesNotMatch,
                signed(1, CRC),
                good.substring(0, at) + "x-amz-trailer-signature:" + "0".repeat(64) + "\r\n\r\n");
        assertRefused(
                ErrorCode.SignatureDoesNotMatch, signed(1, CRC), good.replace(CRC + ":AAAAAA==", CRC + ":AAAAAQ=="));
        assertRefused(
                ErrorCode.MalformedTrailerError,
                signed(1, CRC),
                good.substring(0, good.length() - 2) + "x-more:1\r\n\r\n");
    }

    @Test
    void aSignedChunkThatIsTooLong() {
        byte[] body = AwsChunked.sign(new byte[101], 101, "");
        AwsChunkedDecoder decoder = new AwsChunkedDecoder(signed(101), 1, 100);
        S3Exception e = assertThrows(S3Exception.class, () -> decoder.feed(ByteBuffer.wrap(body), slice -> {}));
        assertEquals(ErrorCode.InvalidRequest, e.failure().code());
    }

    @Test
    void onlyTheLastChunkMayBeSmall() {
        String full = "2000\r\n" + "a".repeat(8192) + "\r\n";
        String small = "1fff\r\n" + "a".repeat(8191) + "\r\n";
        String end = "0\r\n\r\n";
        feed(unsigned(16_383), full + small + end).finish();
        feed(unsigned(8191), small + end).finish();
        S3Exception e = assertThrows(S3Exception.class, () -> feed(unsigned(16_383), small + full + end));
        assertEquals(ErrorCode.InvalidChunkSizeError, e.failure().code());
        byte[] signed = AwsChunked.sign(new byte[5], 3, "");
        AwsChunkedDecoder decoder = new AwsChunkedDecoder(signed(5));
        e = assertThrows(S3Exception.class, () -> decoder.feed(ByteBuffer.wrap(signed), slice -> {}));
        assertEquals(ErrorCode.InvalidChunkSizeError, e.failure().code());
    }

    private static AwsChunkedDecoder feed(AwsChunkedFormat format, String body) {
        AwsChunkedDecoder decoder = new AwsChunkedDecoder(format);
        decoder.feed(ByteBuffer.wrap(ascii(body)), slice -> {});
        return decoder;
    }

    @Test
    void nothingComesOutAfterAFailure() {
        AwsChunkedDecoder decoder = new AwsChunkedDecoder(unsigned(5));
        assertThrows(S3Exception.class, () -> decoder.feed(ByteBuffer.wrap(ascii("zz\r\n")), slice -> {}));
        assertThrows(IllegalStateException.class, () -> decoder.feed(ByteBuffer.wrap(ascii("0\r\n\r\n")), slice -> {}));
        assertThrows(IllegalStateException.class, decoder::finish);
    }
}
