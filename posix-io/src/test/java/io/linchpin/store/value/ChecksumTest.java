package io.linchpin.store.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The texts that are checksums, and those that are not. */
class ChecksumTest {
    @Test
    void aFullChecksumIsTheBase64OfItsBytes() {
        Checksum c = Checksum.full(ChecksumAlgorithm.CRC32, new byte[] {1, 2, 3, 4});
        assertEquals("AQIDBA==", c.base64());
        assertArrayEquals(new byte[] {1, 2, 3, 4}, c.raw());
        assertEquals(Optional.of(c), Checksum.parseFull(ChecksumAlgorithm.CRC32, "AQIDBA=="));
    }

    @Test
    void aCompositeChecksumEndsInTheNumberOfParts() {
        Checksum c = Checksum.composite(ChecksumAlgorithm.CRC32, new byte[] {1, 2, 3, 4}, 10_000);
        assertEquals("AQIDBA==-10000", c.base64());
        assertArrayEquals(new byte[] {1, 2, 3, 4}, c.raw());
        for (String bad :
                List.of("AQIDBA==", "AQIDBA==-", "AQIDBA==-0", "AQIDBA==-01", "AQIDBA==-10001", "AQIDBA==-x")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Checksum(ChecksumAlgorithm.CRC32, bad, ChecksumType.COMPOSITE),
                    bad);
        }
    }

    @Test
    void aTextOfAnotherLengthOrWithLooseBitsIsNone() {
        for (String bad : List.of("", "AQID", "AQIDBAUG", "AQIDBB==", "AQIDBA=", "AQIDBA", "AQID*A==", "AQIDBA==-1")) {
            assertEquals(Optional.empty(), Checksum.parseFull(ChecksumAlgorithm.CRC32, bad), bad);
        }
    }

    @Test
    void namesAreThoseOfS3() {
        assertEquals("x-amz-checksum-crc64nvme", ChecksumAlgorithm.CRC64NVME.headerName());
        assertEquals("ChecksumCRC64NVME", ChecksumAlgorithm.CRC64NVME.elementName());
        assertEquals(Optional.of(ChecksumAlgorithm.SHA256), ChecksumAlgorithm.parse("sha256"));
        assertEquals(Optional.of(ChecksumAlgorithm.SHA1), ChecksumAlgorithm.ofHeader("x-amz-checksum-sha1"));
        assertEquals(Optional.empty(), ChecksumAlgorithm.ofHeader("x-amz-checksum-type"));
        assertEquals(Optional.empty(), ChecksumAlgorithm.parse("MD5"));
        assertEquals(Optional.of(ChecksumType.FULL_OBJECT), ChecksumType.parse("FULL_OBJECT"));
        assertEquals(Optional.empty(), ChecksumType.parse("full_object"));
    }

    @Test
    void multipartTypesAreThoseOfS3() {
        assertFalse(ChecksumAlgorithm.CRC64NVME.allows(ChecksumType.COMPOSITE));
        assertFalse(ChecksumAlgorithm.SHA256.allows(ChecksumType.FULL_OBJECT));
        assertTrue(ChecksumAlgorithm.CRC32C.allows(ChecksumType.FULL_OBJECT));
        assertEquals(ChecksumType.COMPOSITE, ChecksumAlgorithm.CRC32C.defaultMultipartType());
        assertEquals(ChecksumType.FULL_OBJECT, ChecksumAlgorithm.CRC64NVME.defaultMultipartType());
    }
}
