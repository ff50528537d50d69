package io.linchpin.store.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The crash states of every scenario, up to bounds in numbers: few here, and in {@code bin/prove crashes} many. */
class ExhaustiveCrashTest {
    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void nothingIsMixedLostOrDestroyedAfterAnyCrash() throws Exception {
        Counts total = new Counts();
        String only = System.getProperty("linchpin.explore.only", "");
        for (Scenario scenario : Scenarios.all()) {
            if (!scenario.name().contains(only)) {
                continue;
            }
            Counts counts = new Counts();
            new Explorer(scenario, Bounds.SHORT, new StateSet(), counts).explore();
            System.out.println(scenario.name() + ": " + counts);
            total.add(counts);
        }
        System.out.println("exhaustive crash states: " + total);
        assertEquals(
                List.of(),
                total.violations.stream().limit(20).toList(),
                "replay one: bin/prove --replay '<its first line>'");
        assertTrue(total.states > (only.isEmpty() ? 100_000 : 0), "states were explored: " + total);
    }
}
