package io.linchpin.cluster.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.store.node.NodeInfo;
import io.linchpin.store.node.Peer;
import io.linchpin.store.value.Incarnation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormationTest {
    private static Peer joined(int slot, long pid) {
        NodeInfo info = new NodeInfo(pid, 1, "127.0.0.1", 4711, 1, 9000, NodeInfo.State.JOINED);
        return new Peer(Incarnation.of(slot, 100), info, true, false);
    }

    /** An operator can only resume or kill what is named. */
    @Test
    void whoeverDidNotLetANodeInIsNamed() {
        assertEquals(
                "not a member of the cluster after 120 s: it has not been let in by 00-0000000000000064 (pid 17),"
                        + " 01-0000000000000064 (pid 18). Resume or kill whichever stands still",
                Formation.inVain(Duration.ofMinutes(2), List.of(joined(0, 17), joined(1, 18))));
        assertEquals("not a member of the cluster after 120 s", Formation.inVain(Duration.ofMinutes(2), List.of()));
    }
}
