package io.linchpin.http.wire;

import java.util.Optional;

/**
 * The Range of a read, {@code bytes=first-last}: one range, as S3 answers no more than one.
 *
 * @param first offset of the first byte; -1 for a suffix
 * @param last offset of the last byte, inclusive, {@code Long.MAX_VALUE} where open; of a suffix, its length in bytes
 */
public record ByteRange(long first, long last) {
    /** Larger than any object: numbers are capped here, below the mark of an open range. */
    private static final long MAX_NUMBER = Long.MAX_VALUE / 2;

    /** What a range comes to in an object of a certain size. */
    public sealed interface Resolved {
        /** The bytes from {@code first} to {@code last}, inclusive. */
        record Slice(long first, long last) implements Resolved {
            public long lengthBytes() {
                return last - first + 1;
            }
        }

        /** 416 InvalidRange. */
        record Unsatisfiable() implements Resolved {}
    }

    /** The range of a header; nothing where it is malformed, in another unit, or several: such a header is ignored. */
    public static Optional<ByteRange> parse(String header) {
        String h = header.strip();
        int equals = h.indexOf('=');
        if (equals < 0 || !h.substring(0, equals).strip().equalsIgnoreCase("bytes")) {
            return Optional.empty();
        }
        String spec = h.substring(equals + 1).strip();
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        long from = number(spec, 0, dash);
        long to = number(spec, dash + 1, spec.length());
        if (dash == 0) {
            return to >= 0 ? Optional.of(new ByteRange(-1, to)) : Optional.empty();
        }
        if (dash == spec.length() - 1) {
            return from >= 0 ? Optional.of(new ByteRange(from, Long.MAX_VALUE)) : Optional.empty();
        }
        return from >= 0 && to >= from ? Optional.of(new ByteRange(from, to)) : Optional.empty();
    }

    /** The range of {@code x-amz-copy-source-range}, stricter than Range: both ends must be there. */
    public static Optional<ByteRange> parseCopySourceRange(String header) {
        return header.startsWith("bytes=")
                ? parse(header).filter(r -> r.first >= 0 && r.last != Long.MAX_VALUE)
                : Optional.empty();
    }

    /** The bytes meant in an object of that size. */
    public Resolved resolve(long sizeBytes) {
        if (first < 0) {
            return last == 0 || sizeBytes == 0
                    ? new Resolved.Unsatisfiable()
                    : new Resolved.Slice(Math.max(0, sizeBytes - last), sizeBytes - 1);
        }
        return first >= sizeBytes
                ? new Resolved.Unsatisfiable()
                : new Resolved.Slice(first, Math.min(last, sizeBytes - 1));
    }

    /** Digits only; a number beyond a long is as good as the largest; -1 where it is no number. */
    private static long number(String text, int from, int to) {
        if (from == to) {
            return -1;
        }
        long n = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            n = n > MAX_NUMBER / 10 - 1 ? MAX_NUMBER : n * 10 + (c - '0');
        }
        return n;
    }
}
