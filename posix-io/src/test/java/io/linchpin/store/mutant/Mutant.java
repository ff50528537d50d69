package io.linchpin.store.mutant;

import java.util.List;

/**
 * A broken engine: the production sources with a few words changed.
 *
 * @param name short
 * @param breaks what is wrong with it
 * @param scenario where the exhaustive rig looks first, so that a check takes seconds
 * @param disturbance the kind that it looks at there in a check, or empty
 * @param patches applied to the sources; each must fit exactly once, so that a mutant cannot fall out of date unnoticed
 */
record Mutant(String name, String breaks, String scenario, String disturbance, List<Patch> patches) {
    /**
     * One change.
     *
     * @param type the simple name of the class, below {@code io.linchpin}
     */
    record Patch(String type, String find, String replace) {
        String path() {
            return "io/linchpin/" + type.replace('.', '/') + ".java";
        }

        String applyTo(String source) {
            int at = source.indexOf(find);
            if (at < 0 || source.indexOf(find, at + 1) >= 0) {
                throw new AssertionError("in " + type + " this stands not exactly once: " + find);
            }
            return source.substring(0, at) + replace + source.substring(at + find.length());
        }
    }

    /** The scenario may be followed by a blank and a kind of disturbance. */
    static Mutant of(String name, String breaks, String scenario, Patch... patches) {
        String[] place = scenario.split(" ", -1);
        return new Mutant(name, breaks, place[0], place.length > 1 ? place[1] : "", List.of(patches));
    }

    static Patch patch(String type, String find, String replace) {
        return new Patch(type, find, replace);
    }
}
