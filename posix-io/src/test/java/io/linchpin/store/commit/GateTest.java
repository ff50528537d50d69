package io.linchpin.store.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GateTest {
    private final Gate gate = new Gate();

    @Test
    void aClosedGateLetsNobodyInAndTheInsidersFinish() throws Exception {
        long ticket = gate.enter();
        assertNotEquals(Gate.CLOSED, ticket);
        gate.close();
        assertEquals(Gate.CLOSED, gate.enter());
        assertEquals(1, gate.inside());
        gate.leave(ticket);
        gate.awaitEmpty();
    }

    @Test
    void aTicketIsGoodOnce() {
        long ticket = gate.enter();
        gate.leave(ticket);
        assertThrows(IllegalStateException.class, () -> gate.leave(ticket));
    }

    @Test
    void drainingWaitsForThoseInsideAndNotForThoseWhoComeLater() throws Exception {
        long early = gate.enter();
        Thread drain = Thread.ofPlatform().start(() -> {
            try {
                gate.awaitDrained();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        while (drain.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        long late = gate.enter();
        // Somebody who came later and left earlier does not count for the one who is still inside.
        gate.leave(gate.enter());
        assertTrue(drain.isAlive());
        gate.leave(early);
        drain.join();
        assertEquals(1, gate.inside());
        gate.leave(late);
    }
}
