package io.linchpin.http.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import org.apache.pekko.io.Inet;

/** SO_REUSEPORT on a listening socket: several processes listen on one port, and the kernel deals connections out. */
final class ReusePort extends Inet.AbstractSocketOptionV2 {
    @Override
    public void beforeServerSocketBind(ServerSocket socket) {
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
