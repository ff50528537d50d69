package io.linchpin.it.harness;

/** How long a run is meant to be: {@code -Dlinchpin.full=true} for the long one. */
public final class Full {
    private static final boolean FULL = Boolean.getBoolean("linchpin.full");

    private Full() {}

    public static boolean isFull() {
        return FULL;
    }

    /** The one size or the other. */
    public static int or(int full, int normal) {
        return FULL ? full : normal;
    }
}
