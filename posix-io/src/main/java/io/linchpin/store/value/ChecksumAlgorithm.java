package io.linchpin.store.value;

import java.util.Locale;
import java.util.Optional;

/** The checksum algorithms of S3, beside the MD5 that makes the ETag. */
public enum ChecksumAlgorithm {
    CRC32(4, true, true),
    CRC32C(4, true, true),
    CRC64NVME(8, false, true),
    SHA1(20, true, false),
    SHA256(32, true, false);

    private final int bytes;
    private final boolean composite;
    private final boolean fullObject;
    private final String headerName;

    ChecksumAlgorithm(int bytes, boolean composite, boolean fullObject) {
        this.bytes = bytes;
        this.composite = composite;
        this.fullObject = fullObject;
        this.headerName = "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);
    }

    /** Length of the raw checksum in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Its request, response and trailer header, in lower case: {@code x-amz-checksum-crc32c}. */
    public String headerName() {
        return headerName;
    }

    /** Its XML element: {@code ChecksumCRC32C}. */
    public String elementName() {
        return "Checksum" + name();
    }

    /** Whether a multipart upload of this algorithm may have a checksum of that type. */
    public boolean allows(ChecksumType type) {
        return switch (type) {
            case COMPOSITE -> composite;
            case FULL_OBJECT -> fullObject;
        };
    }

    /** What S3 takes for a multipart upload that names the algorithm and no type. */
    public ChecksumType defaultMultipartType() {
        return composite ? ChecksumType.COMPOSITE : ChecksumType.FULL_OBJECT;
    }

    /** The algorithm of a name in any case, as {@code x-amz-sdk-checksum-algorithm} has it; or nothing. */
    public static Optional<ChecksumAlgorithm> parse(String text) {
        for (ChecksumAlgorithm a : values()) {
            if (a.name().equalsIgnoreCase(text)) {
                return Optional.of(a);
            }
        }
        return Optional.empty();
    }

    /** The algorithm whose header has this lower-case name; or nothing. */
    public static Optional<ChecksumAlgorithm> ofHeader(String lowerCaseName) {
        for (ChecksumAlgorithm a : values()) {
            if (a.headerName.equals(lowerCaseName)) {
                return Optional.of(a);
            }
        }
        return Optional.empty();
    }
}
