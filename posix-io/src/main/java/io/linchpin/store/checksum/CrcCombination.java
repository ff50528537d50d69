package io.linchpin.store.checksum;

import io.linchpin.store.value.ChecksumAlgorithm;

/**
 * Joins the CRCs of two byte strings into that of both together, without the bytes. A reflected CRC is a polynomial over
 * GF(2) modulo P; appending n bytes multiplies it by x^(8n), found by repeated squaring. Initial value and final xor (all
 * ones in each of these CRCs) cancel out.
 */
public final class CrcCombination {
    private static final CrcCombination CRC32 = new CrcCombination(0xEDB88320L, 32);
    private static final CrcCombination CRC32C = new CrcCombination(0x82F63B78L, 32);
    private static final CrcCombination CRC64NVME = new CrcCombination(Crc64Nvme.POLYNOMIAL, 64);

    private final long polynomial;
    private final long highest;

    /** {@code squares[k]} is x^(2^k) modulo P. */
    private final long[] squares = new long[67];

    private CrcCombination(long polynomial, int width) {
        this.polynomial = polynomial;
        this.highest = 1L << (width - 1);
        long p = highest >>> 1;
        for (int k = 0; k < squares.length; k++) {
            squares[k] = p;
            p = multiply(p, p);
        }
    }

    /**
     * The combination of an algorithm.
     *
     * @throws IllegalArgumentException where it is no CRC
     */
    public static CrcCombination of(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> CRC32;
            case CRC32C -> CRC32C;
            case CRC64NVME -> CRC64NVME;
            case SHA1, SHA256 -> throw new IllegalArgumentException(algorithm + " cannot be combined");
        };
    }

    /** The CRC of two strings of bytes, one after the other. */
    public long combine(long first, long second, long secondLengthBytes) {
        if (secondLengthBytes < 0) {
            throw new IllegalArgumentException("negative length " + secondLengthBytes);
        }
        long factor = highest;
        int k = 3;
        for (long n = secondLengthBytes; n != 0; n >>>= 1, k++) {
            if ((n & 1) != 0) {
                factor = multiply(squares[k], factor);
            }
        }
        return multiply(factor, first) ^ second;
    }

    /** a × b modulo P; the highest bit is the coefficient of x^0. */
    private long multiply(long a, long b) {
        long product = 0;
        long shifted = b;
        for (long bit = highest; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) != 0 ? (shifted >>> 1) ^ polynomial : shifted >>> 1;
        }
        return product;
    }
}
