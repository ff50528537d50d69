package io.linchpin.store.checksum;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64/NVME: reflected polynomial {@code 0x9a6c9329ac4bc9b5}, initial value and final xor all ones; the checksum of
 * {@code "123456789"} is {@code 0xae8b14860a799888}. Takes eight bytes a step (slicing-by-8).
 */
public final class Crc64Nvme implements Checksum {
    static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** {@code T[k][b]}: what byte b does to the register when k more bytes of zero follow it. */
    private static final long[][] T = tables();

    private long register = -1L;

    private static long[][] tables() {
        long[][] t = new long[8][256];
        for (int b = 0; b < 256; b++) {
            long crc = b;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
            }
            t[0][b] = crc;
        }
        for (int k = 1; k < 8; k++) {
            for (int b = 0; b < 256; b++) {
                long before = t[k - 1][b];
                t[k][b] = (before >>> 8) ^ t[0][(int) (before & 0xFF)];
            }
        }
        return t;
    }

    @Override
    public void update(int b) {
        register = (register >>> 8) ^ T[0][(int) ((register ^ b) & 0xFF)];
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        long crc = register;
        int i = offset;
        int end = offset + length;
        long[] t0 = T[0];
        long[] t1 = T[1];
        long[] t2 = T[2];
        long[] t3 = T[3];
        long[] t4 = T[4];
        long[] t5 = T[5];
        long[] t6 = T[6];
        long[] t7 = T[7];
        for (; i <= end - 8; i += 8) {
            long x = crc ^ (long) LONGS.get(bytes, i);
            crc = t7[(int) (x & 0xFF)]
                    ^ t6[(int) ((x >>> 8) & 0xFF)]
                    ^ t5[(int) ((x >>> 16) & 0xFF)]
                    ^ t4[(int) ((x >>> 24) & 0xFF)]
                    ^ t3[(int) ((x >>> 32) & 0xFF)]
                    ^ t2[(int) ((x >>> 40) & 0xFF)]
                    ^ t1[(int) ((x >>> 48) & 0xFF)]
                    ^ t0[(int) (x >>> 56)];
        }
        for (; i < end; i++) {
            crc = (crc >>> 8) ^ t0[(int) ((crc ^ bytes[i]) & 0xFF)];
        }
        register = crc;
    }

    /** Takes the bytes between position and limit, and moves the position to the limit. */
    @Override
    public void update(ByteBuffer buffer) {
        if (buffer.hasArray()) {
            update(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
            buffer.position(buffer.limit());
            return;
        }
        byte[] piece = new byte[Math.min(buffer.remaining(), 8192)];
        while (buffer.hasRemaining()) {
            int n = Math.min(piece.length, buffer.remaining());
            buffer.get(piece, 0, n);
            update(piece, 0, n);
        }
    }

    @Override
    public long getValue() {
        return ~register;
    }

    @Override
    public void reset() {
        register = -1L;
    }
}
