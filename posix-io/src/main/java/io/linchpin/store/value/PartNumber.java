package io.linchpin.store.value;

import java.util.Optional;

/** The number of a part, 1 to {@value #MAX} (the S3 limit). */
public record PartNumber(int value) implements Comparable<PartNumber> {
    public static final int MAX = 10_000;

    public PartNumber {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException("not a part number: " + value);
        }
    }

    public static Optional<PartNumber> of(long value) {
        return value >= 1 && value <= MAX ? Optional.of(new PartNumber((int) value)) : Optional.empty();
    }

    @Override
    public int compareTo(PartNumber other) {
        return Integer.compare(value, other.value);
    }
}
