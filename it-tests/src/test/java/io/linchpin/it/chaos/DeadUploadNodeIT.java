package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.RawSocket;
import io.linchpin.http.testing.Signer;
import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.NodeJvm;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The node that keeps a multipart upload dies half-way: the rest goes through another node, and the object is whole. */
class DeadUploadNodeIT {
    /** One in three uploads is the victim's, where shards are spread. */
    private static final int TRIES = 200;

    @Test
    void anUploadGoesOnWhenItsNodeDies() throws Exception {
        try (Cluster cluster = Nodes.startThree()) {
            String bucket = cluster.newBucket();
            Owners owners = Owners.spread(cluster, 6);
            NodeJvm victim = cluster.node(0);
            Http throughVictim = new Http(victim::port);
            Http throughOther = new Http(cluster.node(1)::port);

            TwoParts whole = new TwoParts(1);
            String target = "/" + bucket + "/film";
            String id = beginOn(owners, victim, throughVictim, target, whole);
            assertInstanceOf(Learned.Accepted.class, whole.send(throughVictim, target, id, 1));

            // Of another upload the second part is on its way through the victim when it dies.
            TwoParts broken = new TwoParts(2);
            String second = "/" + bucket + "/broken-off";
            String secondId = beginOn(owners, victim, throughVictim, second, broken);
            assertInstanceOf(Learned.Accepted.class, broken.send(throughVictim, second, secondId, 1));
            try (RawSocket socket = new RawSocket(victim.port())) {
                sendHalf(socket, victim, second + "?partNumber=2&uploadId=" + secondId, broken.part(2));
                victim.kill();
                assertTrue(socket.ends());
            }

            finish(cluster, throughOther, target, id, whole);
            finish(cluster, throughOther, second, secondId, broken);
            victim.restart();
            assertTrue(whole.is(throughVictim.get(target)));
            assertTrue(broken.is(throughVictim.get(second)));
        }
    }

    private static String beginOn(Owners owners, NodeJvm node, Http http, String target, TwoParts upload) {
        for (int i = 0; i < TRIES; i++) {
            String id = upload.begin(http, target);
            if (!id.isEmpty() && owners.ownsUpload(node, id)) {
                return id;
            }
            assertEquals(204, http.send("DELETE", target + "?uploadId=" + id).status());
        }
        throw new AssertionError("no upload is kept by the node");
    }

    private static void sendHalf(RawSocket socket, NodeJvm node, String target, byte[] part) throws Exception {
        Map<String, String> headers = Map.of("content-length", Integer.toString(part.length));
        socket.head(
                "PUT", target, Signer.sign("PUT", target, "127.0.0.1:" + node.port(), headers, Signer.sha256(part)));
        socket.send(Arrays.copyOf(part, part.length / 2));
    }

    private static void finish(Cluster cluster, Http http, String target, String id, TwoParts upload) throws Exception {
        assertInstanceOf(Learned.Accepted.class, upload.send(http, target, id, 2));
        assertInstanceOf(Learned.Accepted.class, upload.complete(http, target, id));
        Http.Answer answer = http.get(target);
        assertTrue(upload.is(answer), answer::toString);
        byte[] file = Files.readAllBytes(cluster.root().resolve(target.substring(1)));
        assertEquals(Signer.sha256(upload.body()), Signer.sha256(file));
    }
}
