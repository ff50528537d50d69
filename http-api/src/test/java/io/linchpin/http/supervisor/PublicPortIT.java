package io.linchpin.http.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicPortIT {
    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(loopback(0));
            return socket.getLocalPort();
        }
    }

    @Test
    void aPortInUseIsRefusedEvenWhereItsUserWouldShareIt() throws IOException {
        try (ServerSocket user = new ServerSocket()) {
            user.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            user.bind(loopback(0));
            RefusedException refused =
                    assertThrows(RefusedException.class, () -> PublicPort.take(loopback(user.getLocalPort())));
            String self = "(pid " + ProcessHandle.current().pid() + ")";
            assertTrue(refused.toString().contains(self), refused.toString());
        }
    }

    @Test
    void aKeptPortIsSharedWithNodesAndAcceptsNothingItself() throws IOException, RefusedException {
        int port = freePort();
        try (PublicPort _ = PublicPort.take(loopback(port))) {
            assertThrows(ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
            try (ServerSocket node = new ServerSocket()) {
                node.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                node.bind(loopback(port));
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                node.accept().close();
            }
        }
    }

    @Test
    void listenersAreFoundByPort() throws IOException {
        try (ServerSocket user = new ServerSocket()) {
            user.bind(loopback(0));
            assertEquals(List.of(ProcessHandle.current().pid()), ProcFiles.listeners(user.getLocalPort()));
        }
    }
}
