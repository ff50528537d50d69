package io.linchpin.store.value;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a bucket: 3 to 63 characters of a-z, 0-9, dot and hyphen, beginning and ending with a letter or digit, no
 * two dots together, not shaped like an IPv4 address (the S3 rules for general purpose buckets).
 */
public record BucketName(String value) implements Comparable<BucketName> {
    private static final Pattern VALID = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern IPV4 = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

    public BucketName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a bucket name: " + value);
        }
    }

    public static boolean isValid(String name) {
        return VALID.matcher(name).matches()
                && !name.contains("..")
                && !IPV4.matcher(name).matches();
    }

    /** The name, or nothing where the text is none. */
    public static Optional<BucketName> parse(String text) {
        return isValid(text) ? Optional.of(new BucketName(text)) : Optional.empty();
    }

    @Override
    public int compareTo(BucketName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
