package io.linchpin.http.body;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.linchpin.http.sigv4.Authentication;
import io.linchpin.http.sigv4.PayloadMode;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Exception;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the head must say about an aws-chunked body. */
class AwsChunkedFormatTest {
    private static final RequestView VIEW = new RequestView("PUT", new RequestTarget("/b/k", List.of()), Headers.of());
    private static final Authentication TRAILER =
            new Authentication.Verified("A", VIEW, new PayloadMode.UnsignedChunksTrailer(), Optional.empty());
    private static final Authentication SIGNED =
            new Authentication.Verified("A", VIEW, new PayloadMode.SignedChunks(false), Optional.of(AwsChunked.SIGNER));

    private static void assertRefused(ErrorCode code, Authentication authentication, String... headers) {
        S3Exception e = assertThrows(S3Exception.class, () -> AwsChunkedFormat.of(authentication, Headers.of(headers)));
        assertEquals(code, e.failure().code());
    }

    @Test
    void aPlainBodyHasNone() {
        Authentication plain = new Authentication.Verified("A", VIEW, new PayloadMode.Unsigned(), Optional.empty());
        assertEquals(Optional.empty(), AwsChunkedFormat.of(plain, Headers.of()));
    }

    @Test
    void trailersAreReadFromOneHeaderOrSeveral() {
        AwsChunkedFormat format = AwsChunkedFormat.of(
                        TRAILER,
                        Headers.of(
                                "x-amz-decoded-content-length",
                                "5",
                                "x-amz-trailer",
                                "X-Amz-Checksum-Crc32, b",
                                "x-amz-trailer",
                                "c"))
                .orElseThrow();
        assertEquals(5, format.decodedLengthBytes());
        assertEquals(List.of("x-amz-checksum-crc32", "b", "c"), format.trailerNames());
    }

    @Test
    void theDecodedLengthIsNeededAndIsANumber() {
        assertRefused(ErrorCode.MissingContentLength, SIGNED);
        for (String length : List.of("", "-1", "+1", "1.0", "99999999999999999999")) {
            assertRefused(ErrorCode.InvalidArgument, SIGNED, "x-amz-decoded-content-length", length);
        }
    }

    @Test
    void trailersAreAnnouncedExactlyWhereTheModeHasThem() {
        assertRefused(ErrorCode.MalformedTrailerError, TRAILER, "x-amz-decoded-content-length", "5");
        assertRefused(ErrorCode.InvalidRequest, SIGNED, "x-amz-decoded-content-length", "5", "x-amz-trailer", "a");
        for (String names : List.of("", "a,", "a,,b", "a,A", "a,b,c,d,e,f,g,h,i")) {
            assertRefused(
                    ErrorCode.MalformedTrailerError,
                    TRAILER,
                    "x-amz-decoded-content-length",
                    "5",
                    "x-amz-trailer",
                    names);
        }
    }
}
