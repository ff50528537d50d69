package io.linchpin.store.checksum;

import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** The checksum of a multipart object, from those of its parts. */
public final class PartChecksums {
    private PartChecksums() {}

    /** A part's checksum over its bytes, and how many they are. */
    public record Part(Checksum checksum, long sizeBytes) {}

    /**
     * The object's checksum.
     *
     * @param parts in order, at least one, all of that algorithm
     * @throws IllegalArgumentException where the algorithm has no checksum of that type, or a part is of another
     */
    public static Checksum join(ChecksumAlgorithm algorithm, ChecksumType type, List<Part> parts) {
        if (parts.isEmpty() || !algorithm.allows(type)) {
            throw new IllegalArgumentException("no " + type + " " + algorithm + " of " + parts.size() + " parts");
        }
        for (Part p : parts) {
            if (p.checksum().algorithm() != algorithm || p.checksum().type() != ChecksumType.FULL_OBJECT) {
                throw new IllegalArgumentException("a part with another kind of checksum");
            }
        }
        return switch (type) {
            case FULL_OBJECT -> fullObject(algorithm, parts);
            case COMPOSITE -> Checksum.composite(algorithm, digestOfDigests(algorithm, parts), parts.size());
        };
    }

    private static Checksum fullObject(ChecksumAlgorithm algorithm, List<Part> parts) {
        CrcCombination combination = CrcCombination.of(algorithm);
        long crc = fromBytes(parts.getFirst().checksum().raw());
        for (Part p : parts.subList(1, parts.size())) {
            crc = combination.combine(crc, fromBytes(p.checksum().raw()), p.sizeBytes());
        }
        return Checksum.full(algorithm, toBytes(crc, algorithm.bytes()));
    }

    private static byte[] digestOfDigests(ChecksumAlgorithm algorithm, List<Part> parts) {
        return switch (algorithm) {
            case CRC32 -> crc(new CRC32(), parts);
            case CRC32C -> crc(new CRC32C(), parts);
            case SHA1 -> digest("SHA-1", parts);
            case SHA256 -> digest("SHA-256", parts);
            case CRC64NVME -> throw new IllegalArgumentException("CRC64NVME is never composite");
        };
    }

    private static byte[] crc(java.util.zip.Checksum crc, List<Part> parts) {
        for (Part p : parts) {
            crc.update(p.checksum().raw());
        }
        return toBytes(crc.getValue(), 4);
    }

    private static byte[] digest(String name, List<Part> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(name);
            for (Part p : parts) {
                digest.update(p.checksum().raw());
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }

    /** A CRC as S3 writes it, most significant byte first. */
    public static byte[] toBytes(long crc, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (crc >>> (8 * (length - 1 - i)));
        }
        return bytes;
    }

    private static long fromBytes(byte[] bytes) {
        long crc = 0;
        for (byte b : bytes) {
            crc = (crc << 8) | (b & 0xFF);
        }
        return crc;
    }
}
