package io.linchpin.store.checksum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The published check value, and agreement with the definition bit by bit. */
class Crc64NvmeTest {
    private static long bitwise(byte[] data, int from, int to) {
        long crc = -1L;
        for (int i = from; i < to; i++) {
            crc ^= data[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ Crc64Nvme.POLYNOMIAL : crc >>> 1;
            }
        }
        return ~crc;
    }

    @Test
    void theCheckValue() {
        Crc64Nvme crc = new Crc64Nvme();
        crc.update("123456789".getBytes(StandardCharsets.US_ASCII));
        assertEquals(0xAE8B14860A799888L, crc.getValue());
        crc.reset();
        assertEquals(0, crc.getValue());
    }

    @Test
    void everyWayOfFeedingAgreesWithTheDefinition() {
        byte[] data = new byte[1000];
        new Random(7).nextBytes(data);
        for (int from = 0; from < 9; from++) {
            for (int to = from; to < data.length; to += 37) {
                long expected = bitwise(data, from, to);
                Crc64Nvme array = new Crc64Nvme();
                array.update(data, from, to - from);
                assertEquals(expected, array.getValue());
                Crc64Nvme single = new Crc64Nvme();
                for (int i = from; i < to; i++) {
                    single.update(data[i]);
                }
                assertEquals(expected, single.getValue());
                Crc64Nvme direct = new Crc64Nvme();
                ByteBuffer buffer = ByteBuffer.allocateDirect(data.length)
                        .put(data)
                        .flip()
                        .position(from)
                        .limit(to);
                direct.update(buffer);
                assertEquals(expected, direct.getValue());
                assertEquals(to, buffer.position());
            }
        }
    }
}
