package io.linchpin.posix.sim;

import java.util.Arrays;

/** The bytes of one block at one moment, never changed; what is missing at the end is zeros. */
final class Chunk {
    private static final byte[] EMPTY = {};
    private static final byte[] ZEROS = new byte[4096];
    /** A block that is not allocated. */
    static final Chunk HOLE = new Chunk(EMPTY);
    /** A block that is allocated and never was written. */
    static final Chunk ZERO = new Chunk(EMPTY);

    static final Chunk[] NONE = {};

    private final byte[] bytes;
    private long hash;

    private Chunk(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The content with some bytes replaced. */
    Chunk with(int at, byte[] source, int from, int length) {
        if (length <= ZEROS.length && Arrays.equals(source, from, from + length, ZEROS, 0, length)) {
            return bytes.length == 0 ? ZERO : withZeros(at, length);
        }
        byte[] changed = Arrays.copyOf(bytes, Math.max(bytes.length, at + length));
        System.arraycopy(source, from, changed, at, length);
        return trimmed(changed, changed.length);
    }

    Chunk withZeros(int at, int length) {
        if (at >= bytes.length) {
            return this == HOLE ? HOLE : this;
        }
        byte[] changed = bytes.clone();
        Arrays.fill(changed, at, Math.min(bytes.length, at + length), (byte) 0);
        return trimmed(changed, changed.length);
    }

    /** One form for one content: equal bytes are equal arrays. */
    private static Chunk trimmed(byte[] bytes, int length) {
        int end = length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end == 0 ? ZERO : new Chunk(end == bytes.length ? bytes : Arrays.copyOf(bytes, end));
    }

    void copyTo(int at, byte[] target, int to, int length) {
        int have = Math.max(0, Math.min(length, bytes.length - at));
        if (have > 0) {
            System.arraycopy(bytes, at, target, to, have);
        }
        Arrays.fill(target, to + have, to + length, (byte) 0);
    }

    boolean sameBytes(Chunk other) {
        return this == other || Arrays.equals(bytes, other.bytes);
    }

    long hash() {
        long known = hash;
        if (known == 0) {
            known = Hashes.start(bytes.length);
            for (byte b : bytes) {
                known = (known ^ b) * 0x100000001b3L;
            }
            known = Hashes.mix(known, 1) | 1;
            hash = known;
        }
        return known;
    }
}
