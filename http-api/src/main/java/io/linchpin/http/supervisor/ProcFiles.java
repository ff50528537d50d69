package io.linchpin.http.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the kernel shows of processes below /proc. Whatever cannot be read is as if it were not there. */
final class ProcFiles {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTEN = "0A";

    private ProcFiles() {}

    /** Arguments of a process, its program first; empty where it is gone or somebody else's. */
    static List<String> commandLine(long pid) {
        try {
            String line = Files.readString(PROC.resolve(pid + "/cmdline"));
            return line.isEmpty() ? List.of() : List.of(line.split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** Whether the kernel holds a process stopped: state T of /proc/pid/stat, by SIGSTOP or a debugger. */
    static boolean isStopped(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'T' || state == 't';
        } catch (IOException gone) {
            return false;
        }
    }

    /** Processes that listen on a TCP port, on any address; those of other users cannot be seen except by root. */
    static List<Long> listeners(int port) {
        Set<String> sockets = new HashSet<>();
        collectListening(PROC.resolve("net/tcp"), port, sockets);
        collectListening(PROC.resolve("net/tcp6"), port, sockets);
        List<Long> found = new ArrayList<>();
        if (!sockets.isEmpty()) {
            for (Path process : entries(PROC)) {
                Optional<Long> pid = number(process.getFileName().toString());
                if (pid.isPresent() && holdsOneOf(process.resolve("fd"), sockets)) {
                    found.add(pid.get());
                }
            }
        }
        return found;
    }

    /** Lines of proc_net_tcp(5): slot, local address:port in hex, remote, state, …, inode as the tenth column. */
    private static void collectListening(Path table, int port, Set<String> into) {
        try {
            for (String line : Files.readAllLines(table, StandardCharsets.US_ASCII)) {
                String[] columns = line.trim().split("\\s+", 11);
                if (columns.length >= 10 && columns[3].equals(LISTEN)) {
                    String local = columns[1];
                    if (Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16) == port) {
                        into.add("socket:[" + columns[9] + "]");
                    }
                }
            }
        } catch (IOException withoutThisFamily) {
            // Nothing listens there.
        }
    }

    private static boolean holdsOneOf(Path descriptors, Set<String> sockets) {
        for (Path descriptor : entries(descriptors)) {
            try {
                if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            } catch (IOException closedMeanwhile) {
                // The next one.
            }
        }
        return false;
    }

    private static List<Path> entries(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        } catch (IOException | DirectoryIteratorException gone) {
            // As far as it could be read.
        }
        return found;
    }

    private static Optional<Long> number(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        return Optional.of(Long.parseLong(name));
    }
}
