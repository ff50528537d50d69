package io.linchpin.store.mutant;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every broken engine is found by the explorer of crash states; {@code bin/prove mutants} asks every rig. */
class MutantTest {
    @TestFactory
    List<DynamicTest> eachIsKilled() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Mutant mutant : Mutants.all()) {
            tests.add(DynamicTest.dynamicTest(mutant.name(), () -> {
                String found = Rig.CRASHES.hunt(mutant, mutant.scenario() + " only " + mutant.disturbance());
                System.out.println("mutant " + mutant.name() + ": " + found);
                assertTrue(found.startsWith("killed"), mutant.breaks() + ": " + found);
            }));
        }
        return tests;
    }
}
