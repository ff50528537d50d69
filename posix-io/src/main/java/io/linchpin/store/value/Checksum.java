package io.linchpin.store.value;

import java.util.Base64;
import java.util.Optional;

/**
 * The checksum of an object or part.
 *
 * @param base64 as S3 writes it: the raw checksum, most significant byte first, in base64; a composite one ends in
 *     {@code -<parts>}, parts being 1 to {@value PartNumber#MAX}
 */
public record Checksum(ChecksumAlgorithm algorithm, String base64, ChecksumType type) {
    public Checksum {
        if (!isValid(algorithm, base64, type)) {
            throw new IllegalArgumentException("not a " + algorithm + " " + type + " checksum: " + base64);
        }
    }

    /** A checksum over all bytes. */
    public static Checksum full(ChecksumAlgorithm algorithm, byte[] raw) {
        return new Checksum(algorithm, Base64.getEncoder().encodeToString(raw), ChecksumType.FULL_OBJECT);
    }

    /** A checksum over the checksums of so many parts. */
    public static Checksum composite(ChecksumAlgorithm algorithm, byte[] raw, int parts) {
        return new Checksum(algorithm, Base64.getEncoder().encodeToString(raw) + "-" + parts, ChecksumType.COMPOSITE);
    }

    /** The checksum over all bytes that a header or an XML element names; or nothing where the text is none. */
    public static Optional<Checksum> parseFull(ChecksumAlgorithm algorithm, String base64) {
        return isValid(algorithm, base64, ChecksumType.FULL_OBJECT)
                ? Optional.of(new Checksum(algorithm, base64, ChecksumType.FULL_OBJECT))
                : Optional.empty();
    }

    /** The raw checksum, without the number of parts. */
    public byte[] raw() {
        int dash = base64.indexOf('-');
        return Base64.getDecoder().decode(dash < 0 ? base64 : base64.substring(0, dash));
    }

    private static boolean isValid(ChecksumAlgorithm algorithm, String text, ChecksumType type) {
        int dash = text.indexOf('-');
        if ((dash >= 0) != (type == ChecksumType.COMPOSITE)) {
            return false;
        }
        String digest = dash < 0 ? text : text.substring(0, dash);
        if (digest.length() != (algorithm.bytes() + 2) / 3 * 4 || (dash >= 0 && !isPartCount(text, dash + 1))) {
            return false;
        }
        try {
            byte[] raw = Base64.getDecoder().decode(digest);
            // One checksum has one text: padding bits that are not zero are refused.
            return raw.length == algorithm.bytes()
                    && Base64.getEncoder().encodeToString(raw).equals(digest);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static boolean isPartCount(String text, int from) {
        int n = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || (c == '0' && n == 0) || i - from > 4) {
                return false;
            }
            n = n * 10 + (c - '0');
        }
        return n >= 1 && n <= PartNumber.MAX;
    }
}
