package io.linchpin.http.supervisor;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * The port that all nodes share through SO_REUSEPORT, kept for them: bound but not listening, so that no connection comes
 * here and no stranger gets the port while every node is down.
 */
final class PublicPort implements AutoCloseable {
    private final SocketChannel kept;

    private PublicPort(SocketChannel kept) {
        this.kept = kept;
    }

    /**
     * Takes a port that nobody listens on.
     *
     * @throws RefusedException where somebody does, or the address is not this machine's
     */
    static PublicPort take(InetSocketAddress address) throws IOException, RefusedException {
        refuseInUse(address);
        return keep(address);
    }

    /** Takes the port of nodes that serve on it already. */
    static PublicPort keep(InetSocketAddress address) throws IOException {
        SocketChannel kept = SocketChannel.open();
        boolean bound = false;
        try {
            kept.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            kept.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            kept.bind(address);
            bound = true;
            return new PublicPort(kept);
        } finally {
            if (!bound) {
                kept.close();
            }
        }
    }

    /** A bind without SO_REUSEPORT succeeds only where nobody listens, not even one who would share. */
    private static void refuseInUse(InetSocketAddress address) throws IOException, RefusedException {
        if (address.isUnresolved()) {
            throw new RefusedException("No such address: " + address.getHostString());
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        } catch (BindException refused) {
            List<Long> users = ProcFiles.listeners(address.getPort());
            if (!users.isEmpty()) {
                String names = describe(users.getFirst());
                if (users.size() > 1) {
                    names += " and " + (users.size() - 1) + " more";
                }
                throw new RefusedException("Port " + address.getPort() + " is in use by " + names
                        + ". Stop that, or choose another port with --port.");
            }
            throw new RefusedException("Cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                    + refused.getMessage() + ". Choose another port with --port, or another address with --host.");
        }
    }

    private static String describe(long pid) {
        List<String> command = ProcFiles.commandLine(pid);
        if (command.isEmpty()) {
            return "process " + pid;
        }
        String program = command.getFirst();
        String text = program.substring(program.lastIndexOf('/') + 1);
        int root = command.indexOf("--root");
        if (command.contains(UpSettings.NODE_CLASS) && root > 0 && root + 1 < command.size()) {
            text = "a Linchpin node of the store " + command.get(root + 1);
        }
        return text + " (pid " + pid + ")";
    }

    @Override
    public void close() throws IOException {
        kept.close();
    }
}
