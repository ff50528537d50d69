package io.linchpin.store.explore;

import java.util.List;

/**
 * How much of a scenario's tree of crashes is looked at. What a bound leaves out is counted.
 *
 * @param plain one level for each crash after another, of a first life that only its script disturbs
 * @param disturbed the same for each disturbed first life
 * @param everyNthDisturbance a person's changes are tried at one state of the first life in so many; other disturbances
 *     at every one
 */
record Bounds(List<Level> plain, List<Level> disturbed, int everyNthDisturbance) {
    /**
     * One crash.
     *
     * @param cutsPerPoint where a power cut may leave more states than these, so many of them are taken: none kept, all
     *     kept, one thing apart from the others, and chance
     * @param everyNthCut of the states after a power cut one in so many, by their hash, is crashed again while it recovers
     *     and goes on; of the states after a kill, all are
     * @param maxStatesPerPoint distinct states of this level at most, for each state of the first life
     */
    record Level(int cutsPerPoint, int everyNthCut, long maxStatesPerPoint) {}

    /** For a build: well below a minute, most of it spent on first crashes. */
    static final Bounds SHORT = new Bounds(
            List.of(new Level(16, 8, 17), new Level(2, 4, 12), new Level(1, 1, 1)),
            List.of(new Level(3, 8, 4), new Level(1, 1, 2)),
            6);

    /** For the hunt of a broken engine. */
    static final Bounds HUNT = new Bounds(
            List.of(new Level(24, 8, 25), new Level(2, 4, 16), new Level(1, 1, 2)),
            List.of(new Level(3, 8, 4), new Level(1, 1, 2)),
            4);

    /** For a proof: at all but the largest points every legal state after the first crash. */
    static final Bounds LONG = new Bounds(
            List.of(new Level(4096, 16, 4097), new Level(8, 8, 2000), new Level(2, 1, 500)),
            List.of(new Level(64, 8, 65), new Level(2, 4, 50), new Level(1, 1, 10)),
            1);

    List<Level> levels(Disturbance disturbance) {
        return disturbance.isNone() ? plain : disturbed;
    }
}
