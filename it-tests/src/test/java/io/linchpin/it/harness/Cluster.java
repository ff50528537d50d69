package io.linchpin.it.harness;

import io.linchpin.http.testing.Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Some nodes over one fresh store, with one public port and a port of each node's own. */
public final class Cluster implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Path BASE = Path.of("target", "clusters").toAbsolutePath();

    private final Path directory;
    private final Path root;
    private final int sharedPort;
    private final List<NodeJvm> nodes = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    private Cluster(Path directory, Path root, int sharedPort) {
        this.directory = directory;
        this.root = root;
        this.sharedPort = sharedPort;
    }

    /**
     * Starts nodes at once and returns when all are ready.
     *
     * @param settings of each node, as {@code path=value}; what begins with a hyphen is an option of its JVM
     */
    public static Cluster start(int count, String... settings) throws Exception {
        Path directory = BASE.resolve(ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
        Path root = Files.createDirectories(directory.resolve("store"));
        return start(directory, root, count, settings);
    }

    /** As {@link #start(int, String...)}, over a store that is there or is to be made. */
    public static Cluster startOver(Path root, int count, String... settings) throws Exception {
        Path directory = BASE.resolve(ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
        return start(Files.createDirectories(directory), root, count, settings);
    }

    private static Cluster start(Path directory, Path root, int count, String... settings) throws Exception {
        Cluster cluster = new Cluster(directory, root, freePort());
        try {
            for (int i = 1; i <= count; i++) {
                Path output = directory.resolve("node-" + i + ".out");
                cluster.nodes.add(new NodeJvm(root, cluster.sharedPort, output, Arrays.asList(settings)));
            }
            for (NodeJvm node : cluster.nodes) {
                node.awaitReady();
            }
            return cluster;
        } catch (Exception failed) {
            cluster.close();
            throw failed;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** The directory that holds the buckets. */
    public Path root() {
        return root;
    }

    public List<NodeJvm> nodes() {
        return List.copyOf(nodes);
    }

    /** Counted from 0. */
    public NodeJvm node(int index) {
        return nodes.get(index);
    }

    /** The port of each node in turn: calls spread over the nodes evenly. */
    public int nextPort() {
        return nodes.get(Math.floorMod(turn.getAndIncrement(), nodes.size())).port();
    }

    /** The one that all nodes share. */
    public int sharedPort() {
        return sharedPort;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + sharedPort);
    }

    /** A bucket of a name not used before in this run. */
    public String newBucket() {
        String name = "bucket-" + COUNT.incrementAndGet();
        Http.Answer made = new Http(this::nextPort).send("PUT", "/" + name);
        if (made.status() != 200) {
            throw new IllegalStateException("bucket: " + made);
        }
        return name;
    }

    /** A client whose requests go to the nodes in turn. */
    public Http http() {
        return new Http(this::nextPort);
    }

    /** The last lines of what each node wrote. */
    public String lastWords() {
        StringBuilder all = new StringBuilder();
        for (NodeJvm node : nodes) {
            all.append("--- ")
                    .append(node.output())
                    .append('\n')
                    .append(node.lastWords())
                    .append('\n');
        }
        return all.toString();
    }

    /** Fails where a node wrote the secret key, or ended. */
    void assertClean() {
        for (NodeJvm node : nodes) {
            if (!node.isAlive()) {
                throw new AssertionError("a node ended that no test had ended:\n" + node.lastWords());
            }
            try {
                if (Files.readString(node.output(), StandardCharsets.ISO_8859_1).contains(Signer.SECRET_KEY)) {
                    throw new AssertionError("the secret key is in " + node.output());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Ends all nodes. What they wrote stays under {@code target/clusters}; the store goes, unless {@code
     * -Dlinchpin.it.keep=true} asks to keep it for a look at it.
     */
    @Override
    public void close() {
        nodes.forEach(NodeJvm::close);
        if (root.startsWith(directory) && !Boolean.getBoolean("linchpin.it.keep")) {
            Trees.remove(root);
        }
    }
}
