package io.linchpin.store.explore;

import ch.qos.logback.classic.Logger;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.store.commit.StepwiseStore;
import io.linchpin.store.value.ObjectId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Runs a scenario's first life, crashes it after every change, in every way that the bounds allow, and follows each state
 * through recovery, the next crash, and so on, level by level. A state that was met before, with the same model and after
 * as many crashes, is not run again.
 */
final class Explorer {
    /** A state that a life went through. */
    record Point(int index, SimulatedDisk disk, Model model) {}

    /** A state after a crash, not seen before. */
    private record State(SimulatedDisk disk, Model model, Trail trail, long hash, boolean killed) {}

    /** The store before the first life. */
    private record Base(SimulatedDisk disk, Model model, int lives) {}

    /** States killed first, for there are few; of the others no part of the life before the rest. */
    private static final Comparator<State> ORDER =
            Comparator.comparing((State s) -> !s.killed).thenComparingLong(State::hash);

    private final Scenario scenario;
    private final Bounds bounds;
    private final StateSet known;
    private final Counts counts;
    private final Base base;
    private boolean stopsAtFirst;

    static {
        // What engines of many thousand lives have to say is in the trail of a violation.
        ((Logger) LoggerFactory.getLogger("io.linchpin")).setLevel(ch.qos.logback.classic.Level.OFF);
    }

    Explorer(Scenario scenario, Bounds bounds, StateSet known, Counts counts) throws IOException, InterruptedException {
        this.scenario = scenario;
        this.bounds = bounds;
        this.known = known;
        this.counts = counts;
        this.base = prepare(scenario);
    }

    private static Base prepare(Scenario scenario) throws IOException, InterruptedException {
        SimulatedDisk disk = scenario.emptyStore();
        Model model = Model.NEW.change(World.KEY, k -> k);
        for (int i = 0; i < scenario.base().size(); i++) {
            World world = new World(scenario, disk, model, i + 1, Disturbance.NONE, null);
            scenario.base().get(i).run(world);
            disk = disk.afterKill();
            model = world.model().crashed();
        }
        return new Base(disk, model, scenario.base().size());
    }

    Counts counts() {
        return counts;
    }

    /** Stops at the first violation, instead of going on. */
    Explorer stoppingAtFirst() {
        stopsAtFirst = true;
        return this;
    }

    private boolean isOver() {
        return stopsAtFirst && !counts.violations.isEmpty();
    }

    /** What may disturb the first life, nothing first. */
    List<Disturbance> disturbances() {
        List<Disturbance> all = new ArrayList<>();
        all.add(Disturbance.NONE);
        int points = scenario.disturbances().isEmpty()
                ? 0
                : firstLife(Disturbance.NONE).size();
        for (String kind : scenario.disturbances()) {
            for (int at = 0; at < points; at++) {
                Disturbance each = new Disturbance(kind, at);
                if (!each.isEdit() || at % bounds.everyNthDisturbance() == 0) {
                    all.add(each);
                }
            }
        }
        return all;
    }

    /** All of it. */
    void explore() {
        explore("");
    }

    /** Of it what a kind of disturbance comes to, or (empty) all. */
    void explore(String kind) {
        for (Disturbance disturbance : disturbances()) {
            if (!kind.isEmpty() && !disturbance.kind().equals(kind)) {
                continue;
            }
            List<Point> points = firstLife(disturbance);
            if (!disturbance.isNone()) {
                explore(points, disturbance);
                continue;
            }
            for (Point point : points) {
                explore(List.of(point), disturbance);
            }
        }
    }

    /** The states of the first life, from its disturbance on. */
    List<Point> firstLife(Disturbance disturbance) {
        SimulatedDisk disk = base.disk.fork();
        return live(disk, base.model, 0, scenario.first(), true, disturbance, Trail.of(scenario, disturbance));
    }

    /** Crashes the first life at each of these points, the life after it, and so on. */
    void explore(List<Point> points, Disturbance disturbance) {
        List<Bounds.Level> levels = bounds.levels(disturbance);
        List<State> found = new ArrayList<>();
        for (Point point : points) {
            crash(point, 1, levels.getFirst(), Trail.of(scenario, disturbance), found, Long.MAX_VALUE);
        }
        for (int crash = 2; crash <= levels.size() && !isOver(); crash++) {
            Bounds.Level level = levels.get(crash - 1);
            long limit = counts.states + level.maxStatesPerPoint() * points.size();
            List<State> next = new ArrayList<>();
            found.sort(ORDER);
            for (State state : found) {
                if (counts.states >= limit || isOver()) {
                    counts.notCrashedAgain++;
                    continue;
                }
                SimulatedDisk disk = state.disk.fork();
                List<Point> lived =
                        live(disk, state.model, crash - 1, scenario.after(), true, Disturbance.NONE, state.trail);
                for (Point point : lived) {
                    crash(point, crash, level, state.trail, next, limit);
                }
            }
            found = next;
        }
    }

    /** Crashes at one point: a kill, and what power cuts may leave. What is new is recovered, and some is kept for later. */
    private void crash(Point point, int crash, Bounds.Level level, Trail trail, List<State> chosen, long limit) {
        if (counts.states >= limit || isOver()) {
            counts.unvisitedPoints++;
            return;
        }
        recover(point.disk.afterKill(), point.model.crashed(), crash, trail.kill(point.index), true, level, chosen);
        boolean all = Cuts.forEach(point.disk, level.cutsPerPoint(), (disk, choices) -> {
            if (!isOver()) {
                Model model = afterCut(point.model, disk);
                recover(disk, model, crash, trail.cut(point.index, choices), false, level, chosen);
            }
        });
        counts.boundedPoints += all ? 0 : 1;
    }

    private void recover(
            SimulatedDisk disk,
            Model model,
            int crash,
            Trail trail,
            boolean killed,
            Bounds.Level level,
            List<State> chosen) {
        long hash = ((disk.stateHash() * 31 + model.hash()) * 0x9e3779b97f4a7c15L + crash) * 31
                + scenario.name().hashCode();
        hash = (hash ^ (hash >>> 29)) * 0xbf58476d1ce4e5b9L;
        if (!known.add(hash)) {
            counts.repeats++;
            return;
        }
        counts.states++;
        counts.kills += killed ? 1 : 0;
        counts.cuts += killed ? 0 : 1;
        if (killed || Math.floorMod(hash >>> 7, level.everyNthCut()) == 0) {
            chosen.add(new State(disk.fork(), model, trail, hash, killed));
        } else {
            counts.notCrashedAgain++;
        }
        live(disk, model, crash, Scenario.REST, false, Disturbance.NONE, trail);
    }

    static Model afterCut(Model before, SimulatedDisk disk) {
        Model model = before.crashed().withPowerCut();
        boolean any = model.keys().values().stream().anyMatch(k -> !k.handMade().isEmpty());
        List<String> found = any ? handMade(model, disk) : List.of();
        for (String key : before.keys().keySet()) {
            model = model.change(key, k -> k.powerCut(found));
        }
        return model;
    }

    private static List<String> handMade(Model model, SimulatedDisk disk) {
        List<ObjectId> objects =
                model.keys().keySet().stream().map(World::object).toList();
        try {
            return new Lookout(disk.fork().newProcess()).handMade(objects);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs one life to its end; the states that it went through, where they are wanted. */
    private List<Point> live(
            SimulatedDisk disk,
            Model model,
            int crashes,
            Scenario.Script script,
            boolean watched,
            Disturbance disturbance,
            Trail trail) {
        List<Point> points = new ArrayList<>();
        World.Watcher watcher = watched ? (index, at, told) -> points.add(new Point(index, at.fork(), told)) : null;
        try {
            run(disk, model, crashes, script, disturbance, watcher);
        } catch (Violation | StepwiseStore.Stopped | IOException | InterruptedException | RuntimeException e) {
            String end = crashes == 0 ? "" : watched ? "after" : "rest";
            counts.violations.add(trail.end(end) + "\n    " + describe(e));
        }
        counts.recoveries += crashes > 0 ? 1 : 0;
        counts.points += points.size();
        return points;
    }

    private static String describe(Throwable e) {
        StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            text.append(" <- ").append(cause);
        }
        return e instanceof Violation ? text.toString() : e.getClass().getSimpleName() + ": " + text;
    }

    private void run(
            SimulatedDisk disk,
            Model model,
            int crashes,
            Scenario.Script script,
            Disturbance disturbance,
            World.@Nullable Watcher watcher)
            throws IOException, InterruptedException {
        World world = new World(scenario, disk, model, base.lives + 1 + crashes, disturbance, watcher);
        try {
            script.run(world);
        } catch (StepwiseStore.Stopped | IOException e) {
            // A process that a failed sync has stopped is as dead as a killed one.
            if (!world.isFaulted()) {
                throw e;
            }
        }
        world.end();
    }

    /** Replays one trail; throws what was found at its end. */
    void replay(Trail trail) throws IOException, InterruptedException {
        SimulatedDisk disk = base.disk.fork();
        Model model = base.model;
        List<Trail.Crash> crashes = trail.crashes();
        for (int i = 0; i <= crashes.size(); i++) {
            Disturbance disturbance = i == 0 ? trail.disturbance() : Disturbance.NONE;
            boolean atRest = i == crashes.size() && trail.endsAtRest();
            Scenario.Script script = i == 0 ? scenario.first() : atRest ? Scenario.REST : scenario.after();
            List<Point> points = new ArrayList<>();
            World.Watcher watcher = atRest ? null : (index, at, told) -> points.add(new Point(index, at.fork(), told));
            run(disk, model, i, script, disturbance, watcher);
            if (i < crashes.size()) {
                Trail.Crash crash = crashes.get(i);
                Point point = points.stream()
                        .filter(p -> p.index() == crash.point())
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no point " + crash.point()));
                disk = crash.cut()
                        ? point.disk().afterPowerCut(Cuts.choices(crash.choices()))
                        : point.disk().afterKill();
                model = crash.cut()
                        ? afterCut(point.model(), disk)
                        : point.model().crashed();
            }
        }
    }
}
