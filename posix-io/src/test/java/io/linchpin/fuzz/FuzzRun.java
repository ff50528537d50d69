package io.linchpin.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.List;
import java.util.Random;

/**
 * The runs of a target in a build: its seeds, then inputs made of them by chance, always the same ones. With {@code
 * -Dlinchpin.fuzz.seconds=N} Jazzer runs it for so long besides, led by coverage.
 */
public final class FuzzRun {
    private static final long SEED = 20261123;
    private static final int MAX_BYTES = 4096;
    private static final byte[] INTERESTING = {0, 1, 9, 10, 13, 32, 34, 37, 38, 44, 46, 47, 58, 59, 61, 127, -1, -128};

    private FuzzRun() {}

    /**
     * Runs a target.
     *
     * @param runs how many made inputs
     */
    public static void of(FuzzTarget target, int runs) throws Exception {
        List<byte[]> seeds = target.seeds();
        int accepted = 0;
        for (byte[] seed : seeds) {
            accepted += runOne(target, seed) ? 1 : 0;
        }
        assertTrue(accepted > 0, "no seed is accepted: only refusals would be tried");
        int acceptedMade = 0;
        Random random = new Random(SEED);
        for (int i = 0; i < runs; i++) {
            acceptedMade += runOne(target, mutate(seeds, random)) ? 1 : 0;
        }
        System.out.println(target.getClass().getSimpleName() + ": " + accepted + " of " + seeds.size() + " seeds and "
                + acceptedMade + " of " + runs + " made inputs accepted");
        long seconds = Long.getLong("linchpin.fuzz.seconds", 0);
        if (seconds > 0) {
            JazzerRun.of(target, seconds);
        }
    }

    private static boolean runOne(FuzzTarget target, byte[] input) {
        try {
            return target.run(input.clone());
        } catch (Exception | Error e) {
            throw new AssertionError("input (base64) " + Base64.getEncoder().encodeToString(input) + ": " + e, e);
        }
    }

    private static byte[] mutate(List<byte[]> seeds, Random random) {
        byte[] input = seeds.get(random.nextInt(seeds.size()));
        for (int i = random.nextInt(6); i >= 0; i--) {
            input = mutateOnce(input, seeds.get(random.nextInt(seeds.size())), random);
        }
        return input;
    }

    private static byte[] mutateOnce(byte[] input, byte[] other, Random random) {
        int at = random.nextInt(input.length + 1);
        int length = random.nextInt(Math.min(input.length - at, 1 << random.nextInt(7)) + 1);
        return switch (random.nextInt(6)) {
            case 0 -> splice(input, at, length, new byte[0]);
            case 1 -> splice(input, at, 0, new byte[] {INTERESTING[random.nextInt(INTERESTING.length)]});
            case 2 -> splice(input, at, Math.min(length, 1), new byte[] {(byte) random.nextInt(256)});
            case 3 -> splice(input, at, 0, part(input, random));
            case 4 -> splice(input, at, length, part(other, random));
            default -> {
                byte[] flipped = input.clone();
                if (flipped.length > 0) {
                    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                }
                yield flipped;
            }
        };
    }

    private static byte[] part(byte[] of, Random random) {
        int from = random.nextInt(of.length + 1);
        int to = from + random.nextInt(Math.min(of.length - from, 64) + 1);
        return java.util.Arrays.copyOfRange(of, from, to);
    }

    private static byte[] splice(byte[] input, int at, int removed, byte[] inserted) {
        byte[] out = new byte[Math.min(MAX_BYTES, input.length - removed + inserted.length)];
        byte[] all = new byte[input.length - removed + inserted.length];
        System.arraycopy(input, 0, all, 0, at);
        System.arraycopy(inserted, 0, all, at, inserted.length);
        System.arraycopy(input, at + removed, all, at + inserted.length, input.length - at - removed);
        System.arraycopy(all, 0, out, 0, out.length);
        return out;
    }
}
