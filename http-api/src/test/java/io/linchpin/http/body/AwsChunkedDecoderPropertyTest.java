package io.linchpin.http.body;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.http.wire.S3Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** However a body is cut into pieces, and whatever is done to it, the decoder says the same. */
class AwsChunkedDecoderPropertyTest {
    private static final String CRC = "x-amz-checksum-crc32";
    private static final int ROUNDS = 2_000;

    @Test
    void theOutcomeDoesNotDependOnHowTheBodyIsCut() {
        long seed = Long.getLong("linchpin.seed", new Random().nextLong());
        System.out.println("AwsChunkedDecoderPropertyTest seed " + seed + " (set with -Dlinchpin.seed)");
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] data = new byte[random.nextInt(400)];
            random.nextBytes(data);
            AwsChunkedFormat format = AwsChunked.signed(data.length, CRC);
            byte[] body = AwsChunked.sign(data, 1 + random.nextInt(200), CRC + ":AAAAAA==");
            assertArrayEquals(data, AwsChunked.decode(format, body).data());
            String context = "seed " + seed + " round " + round;
            assertEquals(outcome(format, body, body.length), outcome(format, body, 0, random), context);
            byte[] spoilt = spoil(body, random);
            assertEquals(outcome(format, spoilt, spoilt.length), outcome(format, spoilt, 0, random), context);
        }
    }

    private static byte[] spoil(byte[] body, Random random) {
        byte[] spoilt = body.clone();
        switch (random.nextInt(3)) {
            case 0 -> spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
            case 1 -> spoilt = Arrays.copyOf(body, random.nextInt(body.length));
            default -> {
                spoilt = Arrays.copyOf(body, body.length + 1 + random.nextInt(8));
                int from = random.nextInt(body.length);
                System.arraycopy(body, from, spoilt, from + spoilt.length - body.length, body.length - from);
            }
        }
        return spoilt;
    }

    private static String outcome(AwsChunkedFormat format, byte[] body, int pieceBytes, Random... random) {
        AwsChunkedDecoder decoder = new AwsChunkedDecoder(format, 1, 1 << 20);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (int at = 0; at < body.length; ) {
                int n = random.length == 0 ? pieceBytes : Math.min(body.length - at, random[0].nextInt(30));
                ByteBuffer piece = ByteBuffer.allocateDirect(n).put(body, at, n).flip();
                decoder.feed(piece, slice -> AwsChunked.write(out, slice));
                assertEquals(0, piece.remaining());
                at += n;
            }
            return "good " + Arrays.hashCode(out.toByteArray()) + " " + decoder.finish();
        } catch (S3Exception e) {
            return e.failure().toString();
        }
    }
}
