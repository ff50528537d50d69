package io.linchpin.posix.sim;

/** 64-bit mixing, good enough that millions of states do not collide by chance. */
final class Hashes {
    private Hashes() {}

    static long start(long seed) {
        return mix(0x9e3779b97f4a7c15L, seed);
    }

    static long mix(long hash, long value) {
        long z = hash * 0x9e3779b97f4a7c15L + value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    static long of(String text) {
        long hash = start(text.length());
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash, 2);
    }
}
