package io.linchpin.posix;

import static io.linchpin.posix.PosixException.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Shuts the listening TCP sockets of another process, which need not do anything for it: it may be stopped.
 *
 * <p>Processes that share a port through SO_REUSEPORT each have a socket of their own, and the kernel deals new
 * connections out among all that listen. Those dealt to a stopped process hang until its socket is shut.
 */
public final class ForeignListener {
    /** TCP_LISTEN in the "st" column of /proc/net/tcp. */
    private static final String LISTEN = "0A";

    private ForeignListener() {}

    /**
     * Shuts every listening socket that the process has on a port: how many there were.
     *
     * @param pidFd of pidfd_open: as it was opened before the look into /proc, and pidfd_getfd fails once its process is
     *     gone, no other process of the same number can be met
     * @throws PosixException ESRCH where the process is gone, EPERM where this one may not
     */
    public static int shut(Posix posix, int pidFd, int pid, int port) throws IOException {
        Path proc = Path.of("/proc", Integer.toString(pid));
        Set<String> sockets = new HashSet<>();
        try {
            collectListening(proc.resolve("net/tcp"), port, sockets);
            collectListening(proc.resolve("net/tcp6"), port, sockets);
            int shut = 0;
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(proc.resolve("fd"))) {
                for (Path descriptor : descriptors) {
                    // A duplicate descriptor names the same socket: once is enough.
                    if (sockets.remove(target(descriptor))) {
                        shutOne(
                                posix,
                                pidFd,
                                Integer.parseInt(descriptor.getFileName().toString()));
                        shut++;
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            return shut;
        } catch (NoSuchFileException gone) {
            throw new PosixException(ProcessCalls.ESRCH, "shutdown", proc.toString());
        }
    }

    private static String target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException closedMeanwhile) {
            return "";
        }
    }

    private static void shutOne(Posix posix, int pidFd, int number) throws PosixException {
        String what = "descriptor " + number + " of another process";
        int copy = check(ProcessCalls.pidfdGetfd(pidFd, number), "pidfd_getfd", what);
        try {
            check(ProcessCalls.shutdown(copy, ProcessCalls.SHUT_RDWR), "shutdown", what);
        } finally {
            posix.close(copy);
        }
    }

    /** Lines of proc_net_tcp(5): slot, local address:port in hex, remote, state, …, inode as the tenth column. */
    private static void collectListening(Path table, int port, Set<String> into) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(table, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException withoutThisFamily) {
            return;
        }
        for (String line : lines) {
            String[] columns = line.trim().split("\\s+", 11);
            if (columns.length < 10 || !columns[3].equals(LISTEN)) {
                continue;
            }
            String local = columns[1];
            if (Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16) == port) {
                into.add("socket:[" + columns[9] + "]");
            }
        }
    }
}
