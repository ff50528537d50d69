package io.linchpin.http.supervisor;

/**
 * What one node's place is at, and what to do about it. It decides only: a step takes what was seen and the time, and
 * returns what is to be done.
 *
 * <pre>
 *  WAITING ──delay over──▶ STARTING ──ready──▶ READY ──silent──▶ SILENT ──answers──▶ LEAVING
 *     ▲                        │                 │                 │                    │
 *     └──────────────────── process gone ────────┴─────────────────┴────────────────────┘
 * </pre>
 *
 * A node that has gone silent has its public listener shut from outside, so that new connections go to the others. It
 * cannot open that again, so once it answers it is asked to leave, and a new one takes its place.
 */
final class NodeWatch {
    /** Silence of a process that is not known to be stopped: a machine under load is slow, not stuck. */
    static final long SILENT_AFTER_MILLIS = 5_000;

    enum State {
        WAITING,
        STARTING,
        READY,
        SILENT,
        LEAVING
    }

    enum Action {
        NONE,
        START,
        SAY_READY,
        SHUT_LISTENER,
        REPLACE,
        SAY_ENDED,
        KILL
    }

    /**
     * What can be seen of a node's process.
     *
     * @param alive whether the process is there
     * @param stopped whether the kernel holds it stopped (SIGSTOP)
     * @param ready whether its last answer said that it serves
     * @param silentMillis how long it has answered nothing, since its start or its last answer
     */
    record Seen(boolean alive, boolean stopped, boolean ready, long silentMillis) {}

    private final Backoff backoff = new Backoff();
    private final long killAfterMillis;
    private State state = State.WAITING;
    private long waitUntilMillis;
    private long readySinceMillis = -1;
    private long silentSinceMillis;
    private boolean killed;
    private boolean adopted;

    /** @param killAfterMillis how long a node may be silent before it is killed; 0 for ever */
    NodeWatch(long killAfterMillis) {
        this.killAfterMillis = killAfterMillis;
    }

    State state() {
        return state;
    }

    /** Takes over a node that runs already. */
    void adopt() {
        state = State.STARTING;
        adopted = true;
    }

    /** What {@link Action#START} asked for could not be done. */
    void notStarted(long nowMillis) {
        waitUntilMillis = nowMillis + backoff.afterEnd(0);
        state = State.WAITING;
    }

    /** How long until the next start, from the time of {@link Action#SAY_ENDED}. */
    long waitMillis(long nowMillis) {
        return Math.max(0, waitUntilMillis - nowMillis);
    }

    /** @param nowMillis of a clock that only goes forward */
    Action step(Seen seen, long nowMillis) {
        if (state == State.WAITING) {
            return nowMillis < waitUntilMillis ? Action.NONE : started();
        }
        if (!seen.alive()) {
            return ended(nowMillis);
        }
        return switch (state) {
            case STARTING -> starting(seen, nowMillis);
            case READY -> isSilent(seen) ? wentSilent(nowMillis) : Action.NONE;
            case SILENT -> stillSilent(seen, nowMillis);
            case LEAVING, WAITING -> Action.NONE;
        };
    }

    private Action starting(Seen seen, long nowMillis) {
        if (seen.ready()) {
            return becameReady(nowMillis);
        }
        // It may have served for long, and been stopped while nobody watched: its listener is to be shut as another's.
        return adopted && seen.stopped() ? wentSilent(nowMillis) : Action.NONE;
    }

    private static boolean isSilent(Seen seen) {
        return seen.stopped() || seen.silentMillis() >= SILENT_AFTER_MILLIS;
    }

    private Action started() {
        state = State.STARTING;
        readySinceMillis = -1;
        killed = false;
        adopted = false;
        return Action.START;
    }

    private Action becameReady(long nowMillis) {
        state = State.READY;
        readySinceMillis = nowMillis;
        return Action.SAY_READY;
    }

    private Action wentSilent(long nowMillis) {
        state = State.SILENT;
        silentSinceMillis = nowMillis;
        return Action.SHUT_LISTENER;
    }

    private Action stillSilent(Seen seen, long nowMillis) {
        if (!isSilent(seen)) {
            state = State.LEAVING;
            return Action.REPLACE;
        }
        if (killAfterMillis > 0 && !killed && nowMillis - silentSinceMillis >= killAfterMillis) {
            killed = true;
            return Action.KILL;
        }
        return Action.NONE;
    }

    private Action ended(long nowMillis) {
        long healthyMillis = readySinceMillis < 0 ? 0 : nowMillis - readySinceMillis;
        // One that left because it was asked to has not failed.
        waitUntilMillis = state == State.LEAVING ? nowMillis : nowMillis + backoff.afterEnd(healthyMillis);
        state = State.WAITING;
        return Action.SAY_ENDED;
    }
}
