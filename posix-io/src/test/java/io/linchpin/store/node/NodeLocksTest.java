package io.linchpin.store.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.posix.KernelLock;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.sim.MountedAs;
import io.linchpin.store.layout.StoreRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLocksTest {
    private static final Duration NO_PATIENCE = Duration.ZERO;

    @TempDir
    Path directory;

    private StoreRoot root;
    private final List<NodeLocks> joined = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        root = StoreRoot.open(new NativePosix(), directory);
    }

    @AfterEach
    void close() {
        joined.forEach(NodeLocks::close);
        root.close();
    }

    private NodeLocks join(long clock) throws Exception {
        NodeLocks locks = NodeLocks.join(root, () -> clock, NO_PATIENCE);
        joined.add(locks);
        return locks;
    }

    private Path file(String name) {
        return directory.resolve(".linchpin/nodes").resolve(name);
    }

    @Test
    void theLowestSlotOfNoLivingNodeIsTaken() throws Exception {
        NodeLocks first = join(100);
        NodeLocks second = join(100);
        assertEquals(0, first.self().slot());
        assertEquals(1, second.self().slot());
        first.close();
        joined.remove(first);
        NodeLocks third = join(100);
        assertEquals(0, third.self().slot());
        assertNotEquals(first.self(), third.self(), "a clock that stands still does not bring a name back");
    }

    @Test
    void onlyWhereAllWereDeadAtOnceIsThereAGap() throws Exception {
        see(new MountedAs(7, false));
        NodeLocks first = join(100);
        NodeLocks second = join(200);
        assertEquals(first.continuity(), second.continuity());
        first.close();
        joined.remove(first);
        NodeLocks third = join(300);
        assertEquals(second.continuity(), third.continuity());
        second.close();
        third.close();
        joined.removeAll(List.of(second, third));
        assertNotEquals(second.continuity(), join(400).continuity());
    }

    @Test
    void andNoneWhereTheMountIsCertainlyTheSame() throws Exception {
        see(new MountedAs(7, true));
        NodeLocks first = join(100);
        first.close();
        joined.remove(first);
        NodeLocks second = join(200);
        assertEquals(first.continuity(), second.continuity());
        second.close();
        joined.remove(second);
        see(new MountedAs(8, true));
        assertNotEquals(second.continuity(), join(300).continuity());
    }

    /** Each in a namespace of mounts of its own, as containers are. */
    @Test
    void livingNodesThatSeeDifferentMountsLiveInOneTime() throws Exception {
        see(new MountedAs(7, true));
        NodeLocks first = join(100);
        see(new MountedAs(8, true));
        NodeLocks second = join(200);
        assertEquals(first.continuity(), second.continuity());
    }

    private void see(MountedAs posix) throws IOException {
        root.close();
        root = StoreRoot.open(posix, directory);
    }

    @Test
    void aStoreOfSixtyFourLivingNodesHasNoSlotForAnother() throws Exception {
        for (int i = 0; i < 64; i++) {
            assertEquals(i, join(7).self().slot());
        }
        assertThrows(IOException.class, () -> join(7));
    }

    @Test
    void aNodeIsDeadExactlyWhenItsLockIsFree() throws Exception {
        NodeLocks a = join(1);
        NodeLocks b = join(1);
        PeerLock witness = a.watch(b.self()).orElseThrow();
        assertFalse(a.isDead(a.self()));
        assertFalse(a.isDead(b.self()));
        assertFalse(witness.isDead());
        Files.delete(file(b.self().value()));
        assertFalse(witness.isDead(), "removing the name does not kill the node");
        assertFalse(b.isIntact(), "and the node can tell");
        b.close();
        joined.remove(b);
        assertTrue(witness.isDead());
        assertTrue(a.isDead(b.self()));
        witness.close();
    }

    @Test
    void ofTwoThatFenceOneAnotherOneGoesOn() throws Exception {
        NodeLocks a = join(100);
        NodeLocks b = join(200);
        assertTrue(a.fence(b.self()));
        assertFalse(b.fence(a.self()), "who is fenced has no say any more");
        assertFalse(a.isFenced(a.self()));
        assertTrue(a.fence(b.self()), "repeated, it changes nothing");
    }

    @Test
    void nobodyIsFencedWhileAnotherDecides() throws Exception {
        NodeLocks a = join(100);
        NodeLocks b = join(200);
        try (KernelLock _ = b.formation(NO_PATIENCE)) {
            assertFalse(a.fence(b.self()));
            assertFalse(b.isFenced(b.self()));
        }
        assertTrue(a.fence(b.self()));
    }

    @Test
    void peersShowWhatEachNodeSaysOfItself() throws Exception {
        NodeLocks a = join(1);
        NodeLocks b = join(1);
        b.publish(info -> info.at("127.0.0.1", 4711, -5).withHttpPort(8080).withState(NodeInfo.State.JOINED));
        List<Peer> peers = a.peers();
        assertEquals(
                List.of(a.self(), b.self()),
                peers.stream().map(Peer::incarnation).toList());
        assertFalse(peers.get(0).isJoinable());
        assertTrue(peers.get(1).isJoinable());
        assertEquals(b.info(), peers.get(1).info());
        assertEquals(ProcessHandle.current().pid(), b.info().pid());
        assertEquals(NodeInfo.startTicks(b.info().pid()), b.info().startTicks());
        a.fence(b.self());
        assertTrue(b.isFenced(b.self()));
        assertFalse(a.peers().get(1).isJoinable(), "nobody joins through a node that is to end itself");
    }

    @Test
    void whatTwoSayOfOneNodeAtOnceIsBothKept() throws Exception {
        NodeLocks a = join(1);
        int times = 200;
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<?> leaving = other.submit(() -> {
                for (int i = 1; i <= times; i++) {
                    long uid = i;
                    a.publish(info -> info.at("127.0.0.1", 4711, uid));
                }
                return null;
            });
            for (int i = 1; i <= times; i++) {
                int port = i;
                a.publish(info -> info.withHttpPort(port));
            }
            leaving.get();
        }
        assertEquals(times, a.info().httpPort());
        assertEquals(times, a.info().uid());
    }

    /** It may be told to leave before it has heard that it is a member. */
    @Test
    void whoLeavesIsNotJoinedAnyMore() throws Exception {
        NodeLocks a = join(1);
        a.publish(info -> info.withState(NodeInfo.State.LEAVING));
        a.publish(info -> info.withState(NodeInfo.State.JOINED));
        assertEquals(NodeInfo.State.LEAVING, a.info().state());
        assertFalse(a.peers().getFirst().isJoinable());
    }

    @Test
    void anInfoFileCutShortByAPowerCutIsNoInfo() throws Exception {
        NodeLocks a = join(1);
        NodeLocks b = join(1);
        Files.write(file(b.self() + ".json"), new byte[0]);
        assertFalse(a.peers().get(1).isJoinable());
    }

    @Test
    void onlyTheDeadWhomNothingRefersToAreSwept() throws Exception {
        NodeLocks a = join(1);
        NodeLocks referred = join(1);
        NodeLocks gone = join(1);
        a.fence(gone.self());
        for (NodeLocks locks : List.of(referred, gone)) {
            locks.close();
            joined.remove(locks);
        }
        assertEquals(List.of(gone.self()), a.sweep(dead -> !dead.equals(referred.self())));
        assertEquals(
                List.of(a.self(), referred.self()),
                a.peers().stream().map(Peer::incarnation).toList());
        assertFalse(Files.exists(file(gone.self() + ".json")));
        assertFalse(Files.exists(file(gone.self() + ".fence")));
        assertTrue(a.isDead(gone.self()), "swept is dead");
    }

    /** They are not synced: a power cut may keep any of them. */
    @Test
    void theOtherFilesOfALifeGoAlsoWhereItsLockFileIsLost() throws Exception {
        NodeLocks a = join(1);
        NodeLocks gone = join(1);
        gone.close();
        joined.remove(gone);
        Files.delete(file(gone.self().value()));
        assertEquals(List.of(gone.self()), a.sweep(gone.self()::equals));
        assertFalse(Files.exists(file(gone.self() + ".json")));
        assertFalse(Files.exists(file(gone.self() + ".mount")));
        assertTrue(Files.exists(file(a.self() + ".json")));
    }

    @Test
    void oneNodeAtATimeForms() throws Exception {
        NodeLocks a = join(1);
        NodeLocks b = join(1);
        KernelLock formation = a.formation(NO_PATIENCE);
        assertThrows(IOException.class, () -> b.formation(NO_PATIENCE));
        assertThrows(IOException.class, () -> join(1));
        formation.close();
        b.formation(NO_PATIENCE).close();
    }
}
