package io.linchpin.posix.sim;

import java.util.random.RandomGenerator;

/** Decides, thing by thing, which of its legal values a power cut leaves. */
@FunctionalInterface
public interface PowerCutChoice {
    /**
     * Picks one of the candidates.
     *
     * @param fault what kind of thing it is
     * @param inode of the file or directory
     * @param name of the directory's entry, else empty
     * @param candidates how many values it may have, two or more, the oldest first
     * @return an index below {@code candidates}
     */
    int choose(Fault fault, long inode, String name, int candidates);

    /** Nothing survives that was not synced. */
    PowerCutChoice OLDEST = (fault, inode, name, candidates) -> 0;

    /** Everything survives. */
    PowerCutChoice NEWEST = (fault, inode, name, candidates) -> candidates - 1;

    static PowerCutChoice random(RandomGenerator random) {
        return (fault, inode, name, candidates) -> random.nextInt(candidates);
    }
}
