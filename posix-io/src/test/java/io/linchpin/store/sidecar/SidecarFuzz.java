package io.linchpin.store.sidecar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.fuzz.FuzzTarget;
import io.linchpin.store.value.UploadId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * Documents, as they are and with their checksum set right: what is read is written and read again as the same, and as
 * the same bytes from then on; all else is a CorruptSidecarException.
 */
public final class SidecarFuzz implements FuzzTarget {
    private static final String ENDING = ",\n  \"crc32c\": \"00000000\"\n}\n";

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(SidecarCodec.encode(Sidecars.plain(Sidecars.object("bucket", "key"), UploadId.of(1, 2), 3, "e")));
        Random random = new Random(1);
        for (int i = 0; i < 4; i++) {
            byte[] made = SidecarCodec.encode(Sidecars.random(random));
            if (made.length < 2000) {
                seeds.add(made);
            }
        }
        seeds.add(
                sealed("{\"version\": 1, \"key\": \"\\ud83d\\ude00\", \"size\": 1e3".getBytes(StandardCharsets.UTF_8)));
        return seeds;
    }

    @Override
    public boolean run(byte[] input) throws Exception {
        byte[] body = Arrays.copyOf(input, Math.max(0, input.length - ENDING.length()));
        boolean asItIs = accepts(input);
        return accepts(sealed(body)) || asItIs;
    }

    private static boolean accepts(byte[] document) {
        Sidecar sidecar;
        try {
            sidecar = SidecarCodec.decode(document);
        } catch (CorruptSidecarException e) {
            return false;
        }
        byte[] written = SidecarCodec.encode(sidecar);
        try {
            Sidecar again = SidecarCodec.decode(written);
            assertEquals(sidecar, again);
            assertArrayEquals(written, SidecarCodec.encode(again));
        } catch (CorruptSidecarException e) {
            throw new AssertionError("what was written cannot be read", e);
        }
        return true;
    }

    private static byte[] sealed(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        String ending = ENDING.replace("00000000", String.format("%08x", crc.getValue()));
        byte[] all = Arrays.copyOf(body, body.length + ENDING.length());
        System.arraycopy(ending.getBytes(StandardCharsets.US_ASCII), 0, all, body.length, ENDING.length());
        return all;
    }
}
