package io.linchpin.store.explore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The explorer as a hunter of broken engines: goes through scenarios until the first violation. The order is the name of the
 * scenario to begin with, then {@code only} where no other is to be tried, then a kind of disturbance where only that is.
 */
public final class Hunt implements Function<String, String> {
    @Override
    public String apply(String order) {
        String[] words = order.split(" ", -1);
        List<Scenario> scenarios = new ArrayList<>(List.of(Scenarios.named(words[0])));
        if (words.length == 1) {
            Scenarios.all().stream().filter(s -> !s.name().equals(words[0])).forEach(scenarios::add);
        }
        long states = 0;
        for (Scenario scenario : scenarios) {
            Counts counts = new Counts();
            try {
                new Explorer(scenario, Bounds.HUNT, new StateSet(), counts)
                        .stoppingAtFirst()
                        .explore(words.length > 2 ? words[2] : "");
            } catch (Violation | RuntimeException | IOException | InterruptedException e) {
                return "killed after " + states + " states, before the first crash of " + scenario.name() + ": " + e;
            }
            states += counts.states;
            if (!counts.violations.isEmpty()) {
                String what = counts.violations.getFirst().replaceAll("\\s+", " ");
                return "killed after " + states + " states: " + what;
            }
        }
        return "alive after " + states + " states";
    }
}
