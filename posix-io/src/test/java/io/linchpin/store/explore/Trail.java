package io.linchpin.store.explore;

import java.util.ArrayList;
import java.util.List;

/**
 * The way to one state, as a text that can be replayed: {@code scenario;disturbance;crash;crash;…;end}. A crash is the index
 * of the state it hit, then {@code k} for a kill, or {@code c} and one digit (base 36) a choice for a power cut. The end
 * says which life came last: {@code rest}, {@code after}, or nothing where it was the first.
 */
record Trail(String text) {
    static Trail of(Scenario scenario, Disturbance disturbance) {
        return new Trail(scenario.name() + ";" + disturbance);
    }

    Trail kill(int point) {
        return new Trail(text + ";" + point + "k");
    }

    Trail cut(int point, String choices) {
        return new Trail(text + ";" + point + "c" + choices);
    }

    Trail end(String life) {
        return new Trail(text + ";" + life);
    }

    /** One crash of a trail. */
    record Crash(int point, boolean cut, String choices) {
        static Crash parse(String text) {
            int at = 0;
            while (Character.isDigit(text.charAt(at))) {
                at++;
            }
            int point = Integer.parseInt(text, 0, at, 10);
            return new Crash(point, text.charAt(at) == 'c', text.substring(at + 1));
        }
    }

    String scenario() {
        return text.split(";", -1)[0];
    }

    Disturbance disturbance() {
        return Disturbance.parse(text.split(";", -1)[1]);
    }

    List<Crash> crashes() {
        List<Crash> crashes = new ArrayList<>();
        for (String part : text.split(";", -1)) {
            if (!part.isEmpty() && Character.isDigit(part.charAt(0))) {
                crashes.add(Crash.parse(part));
            }
        }
        return crashes;
    }

    boolean endsAtRest() {
        return text.endsWith(";rest");
    }

    @Override
    public String toString() {
        return text;
    }
}
