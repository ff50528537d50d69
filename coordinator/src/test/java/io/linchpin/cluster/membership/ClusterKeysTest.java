package io.linchpin.cluster.membership;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.store.layout.Names;
import io.linchpin.store.node.NodeInfo;
import io.linchpin.store.node.Peer;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterKeysTest {
    private static final Incarnation LIFE = Incarnation.of(0, 1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    private Path keys = Path.of("");

    @BeforeEach
    void makeHome() throws IOException {
        Files.createDirectory(root.resolve(Names.HOME));
        keys = root.resolve(Names.USERS + "/cluster.p12");
    }

    @Test
    void keysAreMadeOnceForTheOwnerOnly() throws Exception {
        assertEquals(keys, ClusterKeys.ensure(root, List.of(starting())));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)));
        byte[] made = Files.readAllBytes(keys);
        ClusterKeys.ensure(root, List.of(starting(), inCluster(true)));
        assertArrayEquals(made, Files.readAllBytes(keys));
    }

    /** An empty file is what a filesystem may leave of one that was renamed and never synced. */
    @Test
    void keysThatAPowerCutEmptiedAreMadeAnew() throws Exception {
        leaveEmpty();
        ClusterKeys.ensure(root, List.of(starting(), inCluster(false)));
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            loaded.load(in, "linchpin".toCharArray());
        }
        assertTrue(loaded.isKeyEntry("cluster"));
    }

    @Test
    void keysThatALivingNodeHasLoadedAreNotMadeAnew() throws Exception {
        List<Peer> peers = List.of(starting(), inCluster(true));
        IOException absent = assertThrows(IOException.class, () -> ClusterKeys.ensure(root, peers));
        assertTrue(String.valueOf(absent.getMessage()).contains(keys.toString()), absent::toString);
        assertFalse(Files.exists(keys));
        leaveEmpty();
        assertThrows(IOException.class, () -> ClusterKeys.ensure(root, peers));
        assertEquals(0, Files.size(keys));
    }

    private void leaveEmpty() throws IOException {
        Files.createDirectory(root.resolve(Names.USERS));
        Files.createFile(keys);
    }

    private static Peer starting() throws IOException {
        return new Peer(LIFE, NodeInfo.starting(), true, false);
    }

    private static Peer inCluster(boolean alive) throws IOException {
        NodeInfo info = NodeInfo.starting().at("127.0.0.1", 4711, 1).withState(NodeInfo.State.JOINED);
        return new Peer(LIFE, info, alive, false);
    }
}
