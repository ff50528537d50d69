package io.linchpin.it.chaos;

import java.util.Random;

/** Chance that can be had again: {@code -Dlinchpin.seed}. It decides what is done, not how it interleaves. */
final class Seed {
    private Seed() {}

    static long of(Class<?> test) {
        long seed = Long.getLong("linchpin.seed", new Random().nextLong());
        System.out.println(test.getSimpleName() + " seed " + seed + " (set with -Dlinchpin.seed)");
        return seed;
    }
}
