package io.linchpin.http.supervisor;

import com.sun.net.httpserver.HttpServer;
import io.linchpin.posix.NativePosix;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.NodeLocks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a supervisor sees of a node, and nothing more: a node lock, a loopback port that says that it is ready, and a share of
 * the public port, on which it tells its pid. It refuses a store that holds a file {@code unfit}.
 */
final class FakeNode {
    private FakeNode() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> options = List.of(arguments);
        Path path = Path.of(options.get(options.indexOf("--root") + 1));
        int port = Integer.parseInt(options.get(options.indexOf("--port") + 1));
        if (Files.exists(path.resolve("unfit"))) {
            System.err.println("This filesystem will not do.");
            System.exit(78);
        }
        StoreRoot root = StoreRoot.open(new NativePosix(), path);
        NodeLocks locks = NodeLocks.join(root, () -> System.currentTimeMillis() * 1_000_000, Duration.ofSeconds(10));
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/-/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        http.start();
        locks.publish(info -> info.withHttpPort(http.getAddress().getPort()));
        try (ServerSocket shared = new ServerSocket()) {
            shared.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            shared.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            serve(shared);
        } catch (IOException shutFromOutside) {
            // It goes on without the public port, as a node does.
            Thread.currentThread().join();
        }
    }

    private static void serve(ServerSocket shared) throws IOException {
        byte[] self = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
        while (true) {
            try (Socket client = shared.accept()) {
                client.getOutputStream().write(self);
            }
        }
    }
}
