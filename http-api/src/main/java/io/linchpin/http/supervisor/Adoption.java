package io.linchpin.http.supervisor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Nodes that go on serving a store after their supervisor was killed. A new supervisor takes them over where they serve on
 * the port that it was asked for; nodes that somebody else runs (a service manager, a terminal) it leaves alone.
 */
final class Adoption {
    private Adoption() {}

    /** @param place which one it had with its former supervisor */
    record Found(int place, ProcessHandle handle) {}

    /**
     * What is there to take over.
     *
     * @throws RefusedException where a node lives that this supervisor must not take over
     */
    static List<Found> find(UpSettings settings) throws IOException, RefusedException {
        List<Found> found = new ArrayList<>();
        for (StoreNodes.Living node : StoreNodes.living(settings.root())) {
            List<String> command = ProcFiles.commandLine(node.pid());
            Optional<Integer> place = NodeProcess.placeOf(command);
            Optional<ProcessHandle> handle = ProcessHandle.of(node.pid());
            if (place.isEmpty() || handle.isEmpty()) {
                throw new RefusedException("The store " + settings.root() + " is served by a node (pid " + node.pid()
                        + ") that no linchpin up started. Stop it first, where it was started.");
            }
            refuseElsewhere(settings, node.pid(), "--port", Integer.toString(settings.port()), command);
            refuseElsewhere(settings, node.pid(), "--host", settings.host(), command);
            found.add(new Found(place.get(), handle.get()));
        }
        return found;
    }

    private static void refuseElsewhere(
            UpSettings settings, long pid, String option, String asked, List<String> command) throws RefusedException {
        int at = command.indexOf(option);
        String has = at > 0 && at + 1 < command.size() ? command.get(at + 1) : "";
        if (!has.equals(asked)) {
            throw new RefusedException("Nodes left by a former linchpin up still serve the store " + settings.root()
                    + " (pid " + pid + ", " + option + " " + has + "). To take them over, start with " + option + " "
                    + has + "; to stop them: linchpin down --root " + settings.root());
        }
    }
}
