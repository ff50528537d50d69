package io.linchpin.http.supervisor;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code linchpin up} was asked for.
 *
 * @param root the store, absolute
 * @param host the address of the public port
 * @param port the public port, 1 to 65535
 * @param nodes 1 to {@value #MAX_NODES}
 * @param heap a node's largest heap, as java's -Xmx takes it
 * @param conf a directory of settings that go before the built-in ones
 * @param region what signatures must name, by those settings
 * @param killStuckAfterSeconds how long a node may answer nothing before it is killed; 0: never
 * @param startCache an ahead-of-time cache of the node's JVM (JEP 483); nodes start without where it is empty
 * @param nodeClass the main class of a node
 */
public record UpSettings(
        Path root,
        String host,
        int port,
        int nodes,
        String heap,
        Optional<Path> conf,
        String region,
        long killStuckAfterSeconds,
        Optional<Path> startCache,
        String nodeClass) {
    /** The main class of real nodes. */
    public static final String NODE_CLASS = "io.linchpin.http.Main";

    public static final int MAX_NODES = 64;

    /** The URL at which clients on this machine reach the public port. */
    String endpoint() {
        return endpoint(host, port);
    }

    /** The URL at which clients on this machine reach a port that is open on an address, or on every address. */
    public static String endpoint(String host, int port) {
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        String name = any ? "127.0.0.1" : host;
        return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
    }
}
