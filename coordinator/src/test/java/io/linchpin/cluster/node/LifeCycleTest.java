package io.linchpin.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LifeCycleTest {
    @Test
    void theArrowsAreThoseOfTheDrawing() {
        Set<String> arrows = new TreeSet<>();
        for (LifeCycle from : LifeCycle.values()) {
            for (LifeCycle to : LifeCycle.values()) {
                if (from.canBecome(to)) {
                    arrows.add(from + ">" + to);
                    assertEquals(to, from.become(to));
                } else {
                    assertThrows(IllegalStateException.class, () -> from.become(to));
                }
            }
        }
        assertEquals(
                new TreeSet<>(Set.of(
                        "OPENING>JOINING",
                        "OPENING>GONE",
                        "JOINING>TAKING",
                        "JOINING>LEAVING",
                        "TAKING>READY",
                        "TAKING>LEAVING",
                        "READY>LEAVING",
                        "LEAVING>GONE")),
                arrows);
    }
}
