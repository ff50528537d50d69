package io.linchpin.http.body;

import io.linchpin.http.sigv4.PayloadMode;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the head of a request promises about its body.
 *
 * @param md5Base64 Content-MD5
 * @param sha256Hex {@code x-amz-content-sha256}, where it is a hash
 * @param checksum the one {@code x-amz-checksum-*} header
 * @param trailingAlgorithm the algorithm whose checksum is to come as a trailer; never together with {@code checksum}
 */
public record BodyExpectations(
        Optional<String> md5Base64,
        Optional<String> sha256Hex,
        Optional<Checksum> checksum,
        Optional<ChecksumAlgorithm> trailingAlgorithm) {
    /** A request that promises nothing. */
    public static final BodyExpectations NONE =
            new BodyExpectations(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final String PREFIX = "x-amz-checksum-";

    /** Headers of that prefix which carry no checksum. */
    private static final Set<String> ABOUT_CHECKSUMS =
            Set.of("x-amz-checksum-algorithm", "x-amz-checksum-type", "x-amz-checksum-mode");

    /**
     * The promises of a request.
     *
     * @throws S3Exception InvalidDigest or InvalidRequest where one is malformed or two contradict each other
     */
    public static BodyExpectations parse(Headers headers, PayloadMode mode) {
        Optional<String> md5 = headers.first("content-md5");
        md5.ifPresent(BodyExpectations::checkMd5);
        Optional<String> sha256 =
                mode instanceof PayloadMode.Sha256Hex(String hex) ? Optional.of(hex) : Optional.empty();
        Optional<Checksum> checksum = checksum(headers);
        Optional<ChecksumAlgorithm> trailing =
                mode.isChunked() ? trailing(headers.all("x-amz-trailer")) : Optional.empty();
        if (checksum.isPresent() && trailing.isPresent()) {
            throw new S3Exception(
                    ErrorCode.InvalidRequest,
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }
        checkNamed(headers, checksum.map(Checksum::algorithm).or(() -> trailing));
        return new BodyExpectations(md5, sha256, checksum, trailing);
    }

    /**
     * The promises of a request whose {@code x-amz-checksum-*} headers are about an object, not about its own body.
     *
     * @throws S3Exception InvalidDigest
     */
    public static BodyExpectations withoutChecksum(Headers headers, PayloadMode mode) {
        Optional<String> md5 = headers.first("content-md5");
        md5.ifPresent(BodyExpectations::checkMd5);
        Optional<String> sha256 =
                mode instanceof PayloadMode.Sha256Hex(String hex) ? Optional.of(hex) : Optional.empty();
        return new BodyExpectations(md5, sha256, Optional.empty(), Optional.empty());
    }

    private static void checkMd5(String text) {
        byte[] raw;
        try {
            raw = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw invalidMd5(text);
        }
        if (raw.length != 16 || !Base64.getEncoder().encodeToString(raw).equals(text)) {
            throw invalidMd5(text);
        }
    }

    private static S3Exception invalidMd5(String text) {
        return S3Failure.of(ErrorCode.InvalidDigest).with("Content-MD5", text).exception();
    }

    private static Optional<Checksum> checksum(Headers headers) {
        Optional<Checksum> found = Optional.empty();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            Optional<ChecksumAlgorithm> algorithm =
                    name.startsWith(PREFIX) ? ChecksumAlgorithm.ofHeader(name) : Optional.empty();
            if (name.startsWith(PREFIX) && algorithm.isEmpty() && !ABOUT_CHECKSUMS.contains(name)) {
                throw new S3Exception(
                        ErrorCode.InvalidRequest,
                        "The algorithm type you specified in x-amz-checksum- header is invalid.");
            }
            if (algorithm.isPresent()) {
                if (found.isPresent()) {
                    throw new S3Exception(
                            ErrorCode.InvalidRequest,
                            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
                }
                found = Checksum.parseFull(algorithm.get(), headers.value(i));
                if (found.isEmpty()) {
                    throw new S3Exception(ErrorCode.InvalidRequest, "Value for " + name + " header is invalid.");
                }
            }
        }
        return found;
    }

    private static Optional<ChecksumAlgorithm> trailing(List<String> values) {
        Optional<ChecksumAlgorithm> found = Optional.empty();
        for (String value : values) {
            for (int start = 0; start <= value.length(); ) {
                int comma = value.indexOf(',', start);
                int end = comma < 0 ? value.length() : comma;
                String name = value.substring(start, end).strip().toLowerCase(Locale.ROOT);
                Optional<ChecksumAlgorithm> algorithm = ChecksumAlgorithm.ofHeader(name);
                if (algorithm.isEmpty() || found.isPresent()) {
                    throw new S3Exception(
                            ErrorCode.InvalidRequest,
                            "The value specified in the x-amz-trailer header is not supported");
                }
                found = algorithm;
                start = end + 1;
            }
        }
        return found;
    }

    /** {@code x-amz-sdk-checksum-algorithm} only repeats what another header says, so it must agree. */
    private static void checkNamed(Headers headers, Optional<ChecksumAlgorithm> found) {
        Optional<String> named = headers.first("x-amz-sdk-checksum-algorithm");
        if (named.isEmpty()) {
            return;
        }
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.parse(named.get())
                .orElseThrow(() -> new S3Exception(
                        ErrorCode.InvalidRequest, "Value for x-amz-sdk-checksum-algorithm header is invalid."));
        if (found.isEmpty()) {
            throw new S3Exception(
                    ErrorCode.InvalidRequest,
                    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer"
                            + " headers were found.");
        }
        if (found.get() != algorithm) {
            throw new S3Exception(
                    ErrorCode.InvalidRequest, "Value for x-amz-sdk-checksum-algorithm header is invalid.");
        }
    }

    /** The algorithm that the client has chosen, by whichever way; nothing where it has chosen none. */
    public Optional<ChecksumAlgorithm> algorithm() {
        return checksum.map(Checksum::algorithm).or(() -> trailingAlgorithm);
    }
}
