package io.linchpin.store.node;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a node says of itself in the file beside its lock: {@code nodes/<incarnation>.json}. It is for finding the node,
 * never for deciding whether it lives: only its lock tells that.
 *
 * @param pid of its process
 * @param startTicks when that process began ({@code /proc/<pid>/stat}, field 22): with the pid it names a process for ever
 * @param host where its cluster port is bound
 * @param clusterPort 0 before it is bound
 * @param uid the cluster's number for this life; 0 before the actor system runs
 * @param httpPort its own loopback port (S3 and admin); 0 before it is bound
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NodeInfo(long pid, long startTicks, String host, int clusterPort, long uid, int httpPort, State state) {
    /** How far this life has come; in this order. */
    public enum State {
        STARTING,
        /** A member of the cluster: a new node may join it. */
        JOINED,
        LEAVING
    }

    /** This process, which has only just begun. */
    public static NodeInfo starting() throws IOException {
        long pid = ProcessHandle.current().pid();
        return new NodeInfo(pid, startTicks(pid), "", 0, 0, 0, State.STARTING);
    }

    /**
     * When a process began, in clock ticks since boot.
     *
     * @throws IOException where there is no such process
     */
    public static long startTicks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        // The second field is the command in parentheses, which may hold blanks and parentheses itself.
        String[] afterCommand = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(afterCommand[22 - 3]);
    }

    public NodeInfo at(String newHost, int newClusterPort, long newUid) {
        return new NodeInfo(pid, startTicks, newHost, newClusterPort, newUid, httpPort, state);
    }

    public NodeInfo withHttpPort(int port) {
        return new NodeInfo(pid, startTicks, host, clusterPort, uid, port, state);
    }

    /** As far as that, or as far as it is: no life goes back, also where it hears late that it has become a member. */
    public NodeInfo withState(State newState) {
        State further = newState.compareTo(state) > 0 ? newState : state;
        return new NodeInfo(pid, startTicks, host, clusterPort, uid, httpPort, further);
    }
}
