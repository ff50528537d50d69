package io.linchpin.store.value;

import java.util.Optional;

/** What a checksum was computed over. */
public enum ChecksumType {
    /** Over the checksums of the parts of a multipart upload; its text ends in {@code -<parts>}. */
    COMPOSITE,
    /** Over the bytes of the whole object. */
    FULL_OBJECT;

    public static Optional<ChecksumType> parse(String text) {
        for (ChecksumType t : values()) {
            if (t.name().equals(text)) {
                return Optional.of(t);
            }
        }
        return Optional.empty();
    }
}
