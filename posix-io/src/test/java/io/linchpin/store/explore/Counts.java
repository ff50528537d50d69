package io.linchpin.store.explore;

import java.util.ArrayList;
import java.util.List;

/** What an exploration has done. */
final class Counts {
    /** States that a life went through, at each of which a crash was considered and, in the boot of a replay, a reader looked. */
    long points;
    /** Distinct states after a crash: each was recovered and checked. */
    long states;

    long kills;
    long cuts;
    /** Met again, and not run again. */
    long repeats;
    /** Lives run: recoveries that ended in a check, with or without further crashes. */
    long recoveries;
    /** Points at which a power cut may leave more states than were taken. */
    long boundedPoints;
    /** States that were recovered but, by the bounds, not crashed again. */
    long notCrashedAgain;
    /** Points that were not looked at as the limit of states had been reached. */
    long unvisitedPoints;

    final List<String> violations = new ArrayList<>();

    void add(Counts other) {
        points += other.points;
        states += other.states;
        kills += other.kills;
        cuts += other.cuts;
        repeats += other.repeats;
        recoveries += other.recoveries;
        boundedPoints += other.boundedPoints;
        notCrashedAgain += other.notCrashedAgain;
        unvisitedPoints += other.unvisitedPoints;
        violations.addAll(other.violations);
    }

    @Override
    public String toString() {
        return String.format(
                "%,d states (%,d kills, %,d power cuts, %,d met again), %,d points, %,d recoveries; by the bounds: %,d"
                        + " points sampled, %,d states not crashed again, %,d points unvisited; %d violations",
                states,
                kills,
                cuts,
                repeats,
                points,
                recoveries,
                boundedPoints,
                notCrashedAgain,
                unvisitedPoints,
                violations.size());
    }
}
