package io.linchpin.store.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.store.layout.Names;
import io.linchpin.store.shard.Ledger;
import io.linchpin.store.shard.ShardFile;
import io.linchpin.store.value.Incarnation;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nodes that die in the middle of a take-over, one after the other: each leaves its journal in the ledger. */
class ManyTakeOversTest {
    @Test
    void aLedgerThatIsFullOfThemDoesNotShutTheShard() throws Exception {
        SimulatedDisk disk = World.DEAD.copy();
        FaultNode dying = new FaultNode(disk, World.LIFE);
        try (ShardFile shard = ShardFile.tryLock(dying.root, 0).orElseThrow()) {
            Set<Incarnation> journals = new HashSet<>(shard.ledger().journals());
            for (long life = 100; journals.size() < Ledger.MAX_JOURNALS; life++) {
                Incarnation each = Incarnation.of(0, life);
                journals.add(each);
                dying.posix.mkdirat(dying.root.fd(), Names.journal(each), 0700);
            }
            shard.write(shard.ledger().withEpoch(7).withJournals(journals));
        }
        disk.kill(dying.process);
        FaultNode next = new FaultNode(disk, World.LIFE + 1).serving();
        assertEquals(8, next.shard().epoch());
        String inherited = Look.object(disk, World.ESCAPED);
        assertEquals("odd//key:inherited:x{op=inherited}{}", inherited);
        try (ShardFile again = reopened(disk, next)) {
            assertEquals(0, again.ledger().journals().size());
        }
    }

    private static ShardFile reopened(SimulatedDisk disk, FaultNode next) throws Exception {
        next.leave();
        return ShardFile.tryLock(new FaultNode(disk, World.LIFE + 2).root, 0).orElseThrow();
    }
}
