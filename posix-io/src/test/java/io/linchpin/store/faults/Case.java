package io.linchpin.store.faults;

import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import io.linchpin.posix.sim.PowerCutChoice;
import io.linchpin.posix.sim.SimulatedCrash;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.store.faults.Operation.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One operation with one fault, and all that is looked at after it. */
final class Case {
    /** What the operation does where nothing goes wrong. */
    record Clean(
            Verdict verdict,
            List<Call> calls,
            SortedMap<String, String> before,
            SortedMap<String, String> after,
            SortedSet<String> filesAtEnd) {}

    private final Operation operation;
    private final @Nullable Fault fault;
    private final List<String> problems = new ArrayList<>();
    private boolean removalFailed;
    private boolean isCut;

    Case(Operation operation, @Nullable Fault fault) {
        this.operation = operation;
        this.fault = fault;
    }

    /** Runs the operation without a fault. */
    static Clean clean(Operation operation) throws Exception {
        SimulatedDisk disk = operation.from().copy();
        FaultNode node = new FaultNode(disk, World.LIFE);
        operation.prepare().run(node);
        SortedMap<String, String> before = Look.contents(disk);
        node.posix.begin(null, () -> {});
        Verdict verdict = run(operation, node);
        node.posix.end();
        SortedMap<String, String> after = Look.contents(disk);
        disk.kill(node.process);
        lifeAfter(disk);
        return new Clean(verdict, node.posix.calls(), before, after, Look.files(disk));
    }

    private static Verdict run(Operation operation, FaultNode node) {
        try {
            return operation.run().run(node);
        } catch (Halt e) {
            return new Verdict.Halted(String.valueOf(e.getMessage()));
        } catch (PosixException e) {
            return new Verdict.Refused(e.call() + " " + Errno.name(e.errno()));
        } catch (SimulatedCrash e) {
            return new Verdict.Broken("a call after the process had stopped: " + e.getMessage());
        } catch (Exception | AssertionError e) {
            return new Verdict.Broken(e + at(e));
        }
    }

    private static String at(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }

    /** Runs it with the fault: what does not hold. */
    List<String> run(Clean clean) throws Exception {
        SimulatedDisk disk = operation.from().copy();
        FaultNode node = new FaultNode(disk, World.LIFE);
        operation.prepare().run(node);
        SortedSet<String> filesBefore = Look.files(disk);
        List<String> openBefore = opened(node);
        SortedMap<String, String>[] atFault = contents();
        node.posix.begin(fault, () -> atFault[0] = look(disk));
        Verdict verdict = run(operation, node);
        node.posix.end();
        removalFailed = node.posix.hasRemovalFailed();
        if (!node.posix.wasInjected()) {
            problems.add("the fault never struck");
        }
        for (String sync : node.posix.retriedSyncs()) {
            problems.add("synced again after a failure: " + sync);
        }
        boolean untouched = clean.before().equals(atFault[0]);
        problems.addAll(new Rules(operation, fault()).judge(verdict, clean.verdict(), node.posix.calls(), untouched));
        SortedMap<String, String> seen = look(disk);
        checkContents("seen", verdict, seen, clean);
        SimulatedDisk cut = disk.fork();
        if (!(verdict instanceof Verdict.Halted)) {
            checkLiving(node, verdict, clean, openBefore, filesBefore);
            disk.kill(node.process);
        }
        lifeAfter(disk);
        checkEnd(disk, verdict, clean);
        afterPowerCut(cut, verdict, clean);
        return problems;
    }

    private Fault fault() {
        if (fault == null) {
            throw new AssertionError("a clean run");
        }
        return fault;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static SortedMap<String, String>[] contents() {
        return new SortedMap[1];
    }

    private static SortedMap<String, String> look(SimulatedDisk disk) {
        try {
            return Look.contents(disk);
        } catch (Exception e) {
            throw new AssertionError("a reader failed", e);
        }
    }

    /** What is seen must be what the verdict says. */
    private void checkContents(String when, Verdict verdict, SortedMap<String, String> seen, Clean clean) {
        SortedMap<String, String> now = compared(seen);
        boolean old = now.equals(compared(clean.before()));
        boolean made = now.equals(compared(clean.after()));
        // Changes of a dead owner that nobody was told of may be dropped, each for itself.
        boolean mixed = operation.trait() == Trait.OWNERS_WORK && isMixed(seen, clean);
        boolean mayStand = operation.trait() == Trait.MAY_STAND || (isCut && isSyncInDoubt());
        boolean right = switch (verdict) {
            case Verdict.Done _ -> made || mixed;
            case Verdict.Refused _ -> old || mixed || (made && mayStand) || operation.trait() == Trait.REPEATABLE;
            case Verdict.Halted _ -> old || made || mixed;
            case Verdict.Broken _ -> true;
        };
        if (!right) {
            problems.add(when + " after " + verdict + ": " + difference(clean.before(), seen));
        }
    }

    /** What a sync that failed left durable nobody knows: a power cut may bring it back. */
    private boolean isSyncInDoubt() {
        return fault().persists() || fault().call().isSync();
    }

    /** Where what was begun could not be removed either, only objects are held to the verdict. */
    private SortedMap<String, String> compared(SortedMap<String, String> seen) {
        if (!removalFailed) {
            return seen;
        }
        SortedMap<String, String> objects = new TreeMap<>(seen);
        objects.keySet().removeIf(key -> !key.contains("/"));
        return objects;
    }

    private static boolean isMixed(SortedMap<String, String> seen, Clean clean) {
        return seen.entrySet().stream()
                .allMatch(e -> e.getValue().equals(clean.before().get(e.getKey()))
                        || e.getValue().equals(clean.after().get(e.getKey())));
    }

    private static String difference(SortedMap<String, String> from, SortedMap<String, String> to) {
        SortedSet<String> keys = new TreeSet<>(from.keySet());
        keys.addAll(to.keySet());
        StringBuilder text = new StringBuilder();
        for (String key : keys) {
            String a = String.valueOf(from.get(key));
            String b = String.valueOf(to.get(key));
            if (!a.equals(b)) {
                text.append(key)
                        .append(": ")
                        .append(shorten(a))
                        .append(" -> ")
                        .append(shorten(b))
                        .append("; ");
            }
        }
        return text.isEmpty() ? "as before" : text.toString();
    }

    private static String shorten(String text) {
        return text.replaceAll("x{5,}", "x…");
    }

    /** The process lives on: it has closed what it opened, has left nothing, and works again. */
    private void checkLiving(
            FaultNode node, Verdict verdict, Clean clean, List<String> openBefore, SortedSet<String> filesBefore)
            throws Exception {
        if (operation.trait() == Trait.ENDS_LIFE) {
            return;
        }
        if (verdict instanceof Verdict.Refused) {
            if (!opened(node).equals(openBefore)) {
                problems.add("open after " + verdict + ": " + opened(node) + ", before " + openBefore);
            }
            if (isUndone(clean, node)) {
                SortedSet<String> left = new TreeSet<>(Look.files(node.disk));
                left.removeAll(filesBefore);
                left.removeIf(file -> file.matches(operation.mayLeave()));
                if (!left.isEmpty()) {
                    problems.add("left behind after " + verdict + ": " + left);
                }
            }
            Verdict again = run(operation, node);
            if (!again.equals(clean.verdict()) && !removalFailed) {
                problems.add("tried again after " + verdict + ": " + again);
            }
            checkContents("tried again", again, look(node.disk), clean);
        }
    }

    /** Whether nothing may be left: it could be removed, and nothing of it stands. */
    private boolean isUndone(Clean clean, FaultNode node) {
        if (removalFailed || (fault().persists() && !operation.mayLeave().isEmpty())) {
            return false;
        }
        return operation.trait() == Trait.PLAIN
                || (operation.trait() == Trait.MAY_STAND && look(node.disk).equals(clean.before()));
    }

    private static List<String> opened(FaultNode node) {
        return node.process.openPaths().stream()
                .filter(path -> !path.startsWith("seg-"))
                .sorted()
                .toList();
    }

    /** Another node takes over, serves, sweeps what is dead, and leaves in peace. */
    private static void lifeAfter(SimulatedDisk disk) throws Exception {
        FaultNode next = new FaultNode(disk, World.LIFE + 1).serving();
        next.store().checkpoint();
        Sweeping.sweepAllBut(next);
        next.leave();
        FaultNode last = new FaultNode(disk, World.LIFE + 2);
        Sweeping.sweepAllBut(last);
        disk.kill(last.process);
    }

    private void checkEnd(SimulatedDisk disk, Verdict verdict, Clean clean) throws Exception {
        SortedMap<String, String> seen = look(disk);
        // What was refused has been tried again since.
        Verdict last =
                verdict instanceof Verdict.Refused && operation.trait() != Trait.ENDS_LIFE ? clean.verdict() : verdict;
        checkContents("at the end", last, seen, clean);
        SortedSet<String> left = new TreeSet<>(Look.files(disk));
        left.removeAll(clean.filesAtEnd());
        left.removeIf(file -> file.matches(operation.mayLeave()));
        if (seen.equals(clean.after()) && !removalFailed && !left.isEmpty()) {
            problems.add("at the end, after " + verdict + ", there is besides: " + left);
        }
    }

    /** Power goes at the operation's end, with all that was not synced: what was acknowledged is there. */
    private void afterPowerCut(SimulatedDisk disk, Verdict verdict, Clean clean) throws Exception {
        if (operation.trait() == Trait.REPEATABLE && !(verdict instanceof Verdict.Done)) {
            return;
        }
        isCut = true;
        disk.powerCut(PowerCutChoice.OLDEST);
        FaultNode next = new FaultNode(disk, World.LIFE + 1).serving();
        next.store().checkpoint();
        checkContents("after a power cut", verdict, look(disk), clean);
    }
}
