package io.linchpin.cluster.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.posix.Errno;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.ForwardingPosix;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.NodeLocks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessesTest {
    private static final List<String> ALL = List.of("b", "c");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final Descriptors descriptors = new Descriptors();
    private final List<NodeLocks> lives = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private StoreRoot root;

    @SuppressWarnings("NullAway.Init")
    private Witnesses<String> witnesses;

    @BeforeEach
    void threeLive() throws Exception {
        root = StoreRoot.open(descriptors, directory);
        for (int i = 0; i < 3; i++) {
            lives.add(NodeLocks.join(root, () -> 100, Duration.ZERO));
        }
        witnesses = new Witnesses<>(lives.get(0), new Troubles());
        witnesses.joined("b", lives.get(1).self());
        witnesses.joined("c", lives.get(2).self());
    }

    @AfterEach
    void close() {
        witnesses.close();
        lives.forEach(NodeLocks::close);
        root.close();
    }

    private void die(int node) {
        lives.remove(node).close();
    }

    /** A node that is short of descriptors, and alone is left to notice. */
    @Test
    void aDeathIsSeenWhileAnotherMembersLockCannotBeLookedAt() {
        assertEquals(Set.of(), witnesses.free(List.of("b")));
        die(1);
        descriptors.none = true;
        assertEquals(Set.of("b"), witnesses.free(ALL));
        assertEquals(Set.of("b"), witnesses.free(List.of("c", "b")), "in whatever order");
    }

    @Test
    void aLockThatCouldNotBeLookedAtIsLookedAtAgain() {
        descriptors.none = true;
        assertEquals(Set.of(), witnesses.free(ALL));
        descriptors.none = false;
        die(2);
        assertEquals(Set.of("c"), witnesses.free(ALL));
    }

    @Test
    void whatIsOpenStaysSoThatSweptFilesHideNoDeath() throws Exception {
        assertEquals(Set.of(), witnesses.free(ALL));
        Files.delete(directory.resolve(".linchpin/nodes/" + lives.get(1).self()));
        descriptors.none = true;
        assertEquals(Set.of(), witnesses.free(ALL));
        die(1);
        assertEquals(Set.of("b"), witnesses.free(ALL));
    }

    private static final class Descriptors extends ForwardingPosix {
        private final Posix posix = new NativePosix();
        boolean none;

        @Override
        protected Posix delegate() {
            return posix;
        }

        @Override
        public int openat2(int dirFd, String path, int flags, int mode, long resolve) {
            return none ? -Errno.EMFILE : super.openat2(dirFd, path, flags, mode, resolve);
        }
    }
}
