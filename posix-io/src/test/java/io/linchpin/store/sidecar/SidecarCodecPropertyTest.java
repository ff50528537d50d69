package io.linchpin.store.sidecar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SidecarCodecPropertyTest {
    private final long seed = Long.getLong("linchpin.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void whatIsEncodedIsDecoded() throws Exception {
        for (int i = 0; i < 2000; i++) {
            Sidecar sidecar = Sidecars.random(random);
            byte[] document = SidecarCodec.encode(sidecar);
            Sidecar back = SidecarCodec.decode(document);
            assertEquals(sidecar, back, () -> "seed " + seed);
            assertArrayEquals(document, SidecarCodec.encode(back), () -> "seed " + seed);
        }
    }

    @Test
    void everyChangeOfOneByteIsNoticed() {
        byte[] document = SidecarCodec.encode(Sidecars.random(random));
        for (int at = 0; at < document.length; at++) {
            byte was = document[at];
            for (int other = -128; other < 128; other++) {
                if (other != was) {
                    document[at] = (byte) other;
                    assertRefused(document);
                }
            }
            document[at] = was;
        }
    }

    @Test
    void everyCutIsNoticed() {
        byte[] document = SidecarCodec.encode(Sidecars.random(random));
        for (int length = 0; length < document.length; length++) {
            byte[] cut = Arrays.copyOf(document, length);
            assertRefused(cut);
        }
    }

    /** A loop of its own instead of assertThrows, which is called 200,000 times here. */
    private void assertRefused(byte[] document) {
        try {
            SidecarCodec.decode(document);
        } catch (CorruptSidecarException e) {
            return;
        }
        fail("a corrupt document was accepted, seed " + seed);
    }
}
