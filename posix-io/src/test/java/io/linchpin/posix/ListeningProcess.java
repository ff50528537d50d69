package io.linchpin.posix;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/** A process of {@link ProcessCallsTest}: listens on an ephemeral loopback port with SO_REUSEPORT, until killed. */
final class ListeningProcess {
    private ListeningProcess() {}

    public static void main(String[] arguments) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
            System.in.read();
        }
    }
}
