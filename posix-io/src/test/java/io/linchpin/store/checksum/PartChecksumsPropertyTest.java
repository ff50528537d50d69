package io.linchpin.store.checksum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checksum joined from parts is that of the whole, however it was cut. */
class PartChecksumsPropertyTest {
    private static Checksum of(ChecksumAlgorithm algorithm, byte[] data) {
        try {
            return switch (algorithm) {
                case CRC32 -> crc(algorithm, new CRC32(), data);
                case CRC32C -> crc(algorithm, new CRC32C(), data);
                case CRC64NVME -> crc(algorithm, new Crc64Nvme(), data);
                case SHA1 ->
                    Checksum.full(algorithm, MessageDigest.getInstance("SHA-1").digest(data));
                case SHA256 ->
                    Checksum.full(
                            algorithm, MessageDigest.getInstance("SHA-256").digest(data));
            };
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Checksum crc(ChecksumAlgorithm algorithm, java.util.zip.Checksum crc, byte[] data) {
        crc.update(data);
        return Checksum.full(algorithm, PartChecksums.toBytes(crc.getValue(), algorithm.bytes()));
    }

    @ParameterizedTest
    @EnumSource(ChecksumAlgorithm.class)
    void joinedPartsAreTheWhole(ChecksumAlgorithm algorithm) {
        long seed = Long.getLong("linchpin.seed", new Random().nextLong());
        System.out.println("PartChecksumsPropertyTest seed " + seed + " (set with -Dlinchpin.seed)");
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            byte[] data = new byte[random.nextInt(5000)];
            random.nextBytes(data);
            List<PartChecksums.Part> parts = new ArrayList<>();
            ByteArrayOutputStream digests = new ByteArrayOutputStream();
            int at = 0;
            do {
                int n = random.nextInt(data.length - at + 1);
                Checksum part = of(algorithm, Arrays.copyOfRange(data, at, at + n));
                parts.add(new PartChecksums.Part(part, n));
                digests.writeBytes(part.raw());
                at += n;
            } while (at < data.length);
            if (algorithm.allows(ChecksumType.FULL_OBJECT)) {
                assertEquals(of(algorithm, data), PartChecksums.join(algorithm, ChecksumType.FULL_OBJECT, parts));
            }
            if (algorithm.allows(ChecksumType.COMPOSITE)) {
                assertEquals(
                        of(algorithm, digests.toByteArray()).base64() + "-" + parts.size(),
                        PartChecksums.join(algorithm, ChecksumType.COMPOSITE, parts)
                                .base64());
            }
        }
    }

    @Test
    void lengthsBeyondAnIntCombineAsInSteps() {
        CrcCombination c = CrcCombination.of(ChecksumAlgorithm.CRC64NVME);
        long first = 0x0123456789ABCDEFL;
        long half = 3L << 40;
        assertEquals(c.combine(first, 0, 2 * half), c.combine(c.combine(first, 0, half), 0, half));
        assertEquals(first, c.combine(first, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> c.combine(first, 0, -1));
    }

    @Test
    void whatCannotBeJoinedIsRefused() {
        PartChecksums.Part part = new PartChecksums.Part(Checksum.full(ChecksumAlgorithm.CRC32, new byte[4]), 1);
        for (ChecksumType type : ChecksumType.values()) {
            assertThrows(
                    IllegalArgumentException.class, () -> PartChecksums.join(ChecksumAlgorithm.CRC32, type, List.of()));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> PartChecksums.join(ChecksumAlgorithm.CRC32C, type, List.of(part)));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> PartChecksums.join(ChecksumAlgorithm.SHA256, ChecksumType.FULL_OBJECT, List.of(part)));
    }
}
