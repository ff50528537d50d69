package io.linchpin.posix.sim;

import java.util.Arrays;

/** Counts through all rows of choices. The questions of a row depend on the answers before them, on nothing else. */
public final class PowerCutOdometer implements PowerCutChoice {
    private int[] digits = new int[16];
    private int[] bounds = new int[16];
    private int known;
    private int at;

    /** To be called before each row is asked for. */
    public void rewind() {
        at = 0;
    }

    @Override
    public int choose(Fault fault, long inode, String name, int candidates) {
        if (at == digits.length) {
            digits = Arrays.copyOf(digits, at * 2);
            bounds = Arrays.copyOf(bounds, at * 2);
        }
        if (at == known) {
            digits[at] = 0;
            bounds[at] = candidates;
            known++;
        }
        return digits[at++];
    }

    /** Whether there is another row. */
    public boolean advance() {
        known = at;
        while (known > 0) {
            if (++digits[known - 1] < bounds[known - 1]) {
                return true;
            }
            known--;
        }
        return false;
    }
}
