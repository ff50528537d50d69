package io.linchpin.store.value;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The key of an object: 1 to {@value #MAX_BYTES} bytes of UTF-8, compared by those bytes, with no other rule, save that
 * U+0000 is refused (neither XML nor a path can carry it). NFC and NFD forms are two keys.
 */
public record ObjectKey(String value) implements Comparable<ObjectKey> {
    /** The S3 limit, in bytes of UTF-8. */
    public static final int MAX_BYTES = 1024;

    public ObjectKey {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not an object key");
        }
    }

    public static boolean isValid(String key) {
        if (key.isEmpty() || key.length() > MAX_BYTES || key.indexOf('\0') >= 0) {
            return false;
        }
        int bytes = 0;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < key.length()
                    && Character.isLowSurrogate(key.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            } else {
                bytes += 3;
            }
        }
        return bytes <= MAX_BYTES;
    }

    /** The key, or nothing where the text is none. */
    public static Optional<ObjectKey> parse(String text) {
        return isValid(text) ? Optional.of(new ObjectKey(text)) : Optional.empty();
    }

    public byte[] utf8() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** UTF-8 byte order, which differs from the order of Java's chars beyond U+FFFF. */
    @Override
    public int compareTo(ObjectKey other) {
        return compareUtf8(value, other.value);
    }

    /** Compares two texts by their UTF-8 bytes, unsigned. */
    public static int compareUtf8(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                if (Character.isSurrogate(x) != Character.isSurrogate(y)) {
                    return Character.isSurrogate(x) ? 1 : -1;
                }
                return Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    @Override
    public String toString() {
        return value;
    }
}
