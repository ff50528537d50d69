package io.linchpin.http.supervisor;

import io.linchpin.posix.NativePosix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One of the N places of a supervisor, in which one node after another runs. Used by the supervisor's thread only. */
final class Place {
    private final UpSettings settings;
    private final int number;
    private final Path logs;
    private final Consumer<String> say;
    private final NodeWatch watch;
    private @Nullable NodeProcess process;
    private @Nullable HealthProbe probe;
    private boolean everReady;

    Place(UpSettings settings, int number, Path logs, Consumer<String> say) {
        this.settings = settings;
        this.number = number;
        this.logs = logs;
        this.say = say;
        this.watch = new NodeWatch(settings.killStuckAfterSeconds() * 1000);
    }

    int number() {
        return number;
    }

    boolean isReady() {
        return watch.state() == NodeWatch.State.READY;
    }

    /** Whether a node of this place has ever served. */
    boolean everReady() {
        return everReady;
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    void adopt(ProcessHandle handle, long nowMillis) {
        watch.adopt();
        take(NodeProcess.adopt(handle, nowMillis));
    }

    private void take(NodeProcess taken) {
        process = taken;
        probe = new HealthProbe(taken, pid -> StoreNodes.httpPort(settings.root(), pid));
    }

    /**
     * Looks at the node and does what is to be done.
     *
     * @throws RefusedException where a first node ended by itself before it ever served: the next would do the same
     */
    void tick(long nowMillis) throws IOException, RefusedException {
        NodeProcess current = process;
        HealthProbe asked = probe;
        NodeWatch.Action action = watch.step(see(current, asked), nowMillis);
        if (action == NodeWatch.Action.START) {
            start(nowMillis);
        } else if (current != null && asked != null) {
            act(action, current, asked, nowMillis);
        }
    }

    /** A process that cannot be made now is no reason to end the others. */
    private void start(long nowMillis) {
        try {
            take(NodeProcess.start(settings, number, logs, nowMillis));
        } catch (IOException e) {
            watch.notStarted(nowMillis);
            tell("cannot be started: %s; tried again in %.1f s"
                    .formatted(e.getMessage(), watch.waitMillis(nowMillis) / 1000.0));
        }
    }

    private static NodeWatch.Seen see(@Nullable NodeProcess process, @Nullable HealthProbe probe) {
        if (process == null || probe == null || !process.isAlive()) {
            return new NodeWatch.Seen(false, false, false, 0);
        }
        return new NodeWatch.Seen(true, ProcFiles.isStopped(process.pid()), probe.ready(), probe.silentMillis());
    }

    private void act(NodeWatch.Action action, NodeProcess current, HealthProbe asked, long nowMillis)
            throws IOException, RefusedException {
        switch (action) {
            case NONE, START -> {}
            case SAY_READY -> {
                everReady = true;
                tell("ready    pid %-8d %.1f s".formatted(current.pid(), current.ageMillis(nowMillis) / 1000.0));
            }
            case SHUT_LISTENER -> shutListener(current);
            case REPLACE -> {
                tell("answers again; replacing it, because its public listener was shut");
                current.terminate();
            }
            case KILL -> {
                tell("has been stuck for " + settings.killStuckAfterSeconds() + " s; killing it");
                current.kill();
            }
            case SAY_ENDED -> ended(current, asked, nowMillis);
        }
    }

    private void shutListener(NodeProcess current) {
        String stuck = ProcFiles.isStopped(current.pid()) ? "is stopped" : "does not answer";
        String then = "the keys that it owns are not writable until it runs again or is killed";
        try {
            current.shutListener(new NativePosix(), settings.port());
            tell("%s (pid %d): new connections go to the other nodes; %s".formatted(stuck, current.pid(), then));
        } catch (IOException refused) {
            tell("%s (pid %d), and its listener could not be shut (%s): some new connections will hang; %s"
                    .formatted(stuck, current.pid(), refused.getMessage(), then));
        }
    }

    private void ended(NodeProcess current, HealthProbe asked, long nowMillis) throws RefusedException {
        asked.close();
        process = null;
        probe = null;
        if (!everReady && current.failed()) {
            String words = String.join("\n  ", NodeProcess.lastWords(logs, number));
            throw new RefusedException("Node " + number + " " + current.howItEnded() + " before it was ready"
                    + (words.isEmpty() ? ".\n" : ":\n\n  " + words + "\n\n") + "Its log: "
                    + logs.resolve("node-" + number + ".log"));
        }
        long waitMillis = watch.waitMillis(nowMillis);
        String next =
                waitMillis == 0 ? "starting a new one" : "starting it again in %.1f s".formatted(waitMillis / 1000.0);
        tell("%s (pid %d); %s".formatted(current.howItEnded(), current.pid(), next));
    }

    private void tell(String what) {
        say.accept("node " + number + "  " + what);
    }

    void terminate() {
        if (process != null) {
            process.terminate();
        }
    }

    void kill() {
        if (process != null && process.isAlive()) {
            tell("did not stop in time; killing it (nothing acknowledged is lost by that)");
            process.kill();
        }
    }
}
