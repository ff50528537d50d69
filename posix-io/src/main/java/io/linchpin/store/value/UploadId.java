package io.linchpin.store.value;

import java.util.HexFormat;
import java.util.Optional;

/** The name of one upload, single or multipart: 128 random bits as 32 lower-case hex digits. */
public record UploadId(String hex) {
    public UploadId {
        if (!isValid(hex)) {
            throw new IllegalArgumentException("not an upload id: " + hex);
        }
    }

    public static UploadId of(long high, long low) {
        return new UploadId(HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low));
    }

    public static Optional<UploadId> parse(String text) {
        return isValid(text) ? Optional.of(new UploadId(text)) : Optional.empty();
    }

    /** Whether it is 32 lower-case hex digits. */
    public static boolean isValid(String text) {
        if (text.length() != 32) {
            return false;
        }
        for (int i = 0; i < 32; i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return hex;
    }
}
