package io.linchpin.store.explore;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The long exploration, for {@code bin/prove}: {@code --dir DIR [--hours H] [--only PART-OF-A-SCENARIO'S-NAME]}, or
 * {@code --replay TRAIL}. Exit status 1 where a guarantee was violated.
 */
public final class Prove {
    private static final long REPORT_NANOS = 5_000_000_000L;
    private static final int MOST_VIOLATIONS = 1000;

    private Path directory = Path.of("target/prove/crashes");
    private double hours = Double.MAX_VALUE;
    private String only = "";
    private String replay = "";
    private long lastReport = System.nanoTime();
    private long lastStates;

    private Prove() {}

    /** A part of the work: the crashes of one first life, at one of its points or (-1) at all. */
    private record Unit(Scenario scenario, Disturbance disturbance, int point) {
        String name() {
            return scenario.name() + ";" + disturbance + (point < 0 ? "" : ";" + point);
        }
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        Prove prove = new Prove();
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--dir" -> prove.directory = Path.of(args[i + 1]);
                case "--hours" -> prove.hours = Double.parseDouble(args[i + 1]);
                case "--only" -> prove.only = args[i + 1];
                case "--replay" -> prove.replay = args[i + 1];
                default -> throw new IllegalArgumentException(args[i]);
            }
        }
        System.exit(prove.replay.isEmpty() ? prove.run() : prove.replay());
    }

    private int replay() throws IOException, InterruptedException {
        Trail trail = new Trail(replay);
        Scenario scenario = Scenarios.named(trail.scenario());
        try {
            new Explorer(scenario, Bounds.LONG, new StateSet(), new Counts()).replay(trail);
        } catch (Violation | RuntimeException | io.linchpin.store.commit.StepwiseStore.Stopped e) {
            e.printStackTrace(System.out);
            return 1;
        }
        System.out.println("No violation on this trail.");
        return 0;
    }

    private int run() throws IOException, InterruptedException {
        StateSet known = new StateSet();
        long end = hours == Double.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + (long) (hours * 3600e9);
        try (Progress progress = new Progress(directory, known)) {
            List<Unit> units = units(known);
            System.out.printf(
                    Locale.ROOT,
                    "crashes: %,d units of work, %,d of them done before; %,d states known%n",
                    units.size(),
                    units.stream().filter(u -> progress.isFinished(u.name())).count(),
                    known.size());
            lastStates = progress.total.states;
            for (Unit unit : units) {
                if (progress.isFinished(unit.name())) {
                    continue;
                }
                if (System.nanoTime() > end || progress.total.violations.size() > MOST_VIOLATIONS) {
                    break;
                }
                Counts counts = explore(unit, known);
                progress.finish(unit.name(), counts, known);
                for (String violation : counts.violations) {
                    String trail = violation.substring(0, violation.indexOf('\n'));
                    System.out.println("VIOLATION " + violation + "\n    bin/prove --replay '" + trail + "'");
                }
                report(progress, units.size());
            }
            summarise(progress, units.size());
            return progress.total.violations.isEmpty() ? 0 : 1;
        }
    }

    /** All work, in an order that goes through all scenarios evenly, so that any part of it is a sample. */
    private List<Unit> units(StateSet known) throws IOException, InterruptedException {
        List<Unit> units = new ArrayList<>();
        for (Scenario scenario : Scenarios.all()) {
            if (!scenario.name().contains(only)) {
                continue;
            }
            Explorer explorer = new Explorer(scenario, Bounds.LONG, known, new Counts());
            for (Disturbance disturbance : explorer.disturbances()) {
                if (disturbance.isNone()) {
                    explorer.firstLife(disturbance).forEach(p -> units.add(new Unit(scenario, disturbance, p.index())));
                } else {
                    units.add(new Unit(scenario, disturbance, -1));
                }
            }
        }
        units.sort(Comparator.comparingInt((Unit u) -> u.name().hashCode() * 0x9e3779b1)
                .thenComparing(Unit::name));
        return units;
    }

    private static Counts explore(Unit unit, StateSet known) throws IOException, InterruptedException {
        Counts counts = new Counts();
        Explorer explorer = new Explorer(unit.scenario, Bounds.LONG, known, counts);
        List<Explorer.Point> points = explorer.firstLife(unit.disturbance).stream()
                .filter(p -> unit.point < 0 || p.index() == unit.point)
                .toList();
        counts.points = points.size();
        if (!points.isEmpty()) {
            explorer.explore(points, unit.disturbance);
        }
        return counts;
    }

    private void report(Progress progress, int units) {
        long now = System.nanoTime();
        if (now - lastReport >= REPORT_NANOS) {
            System.out.printf(
                    Locale.ROOT,
                    "crashes: %,d of %,d units, %,d states, %,.0f/s, %d violations%n",
                    progress.finished(),
                    units,
                    progress.total.states,
                    (progress.total.states - lastStates) * 1e9 / (now - lastReport),
                    progress.total.violations.size());
            lastReport = now;
            lastStates = progress.total.states;
        }
    }

    private void summarise(Progress progress, int units) throws IOException {
        Counts total = progress.total;
        String text = String.format(
                Locale.ROOT, "crashes: %,d of %,d units of work done%n%s%n", progress.finished(), units, total);
        System.out.print(text);
        Files.writeString(directory.resolve("summary.txt"), text);
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("units", units).put("unitsDone", progress.finished());
        json.put("states", total.states).put("kills", total.kills).put("powerCuts", total.cuts);
        json.put("metAgain", total.repeats).put("points", total.points).put("recoveries", total.recoveries);
        json.put("pointsSampled", total.boundedPoints).put("statesNotCrashedAgain", total.notCrashedAgain);
        json.put("pointsUnvisited", total.unvisitedPoints);
        total.violations.forEach(json.putArray("violations")::add);
        Files.writeString(directory.resolve("summary.json"), json.toPrettyString() + "\n");
    }
}
