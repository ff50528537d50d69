package io.linchpin.http.torture.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The search for an order, after Wing and Gong, with Lowe's just-in-time linearization and memoised configurations.
 *
 * <p>It walks through calls and returns as they happened and keeps every configuration that is still possible: the key's state,
 * and which of the operations now under way have already taken effect. An operation is given its place only when its return
 * asks for it, with whatever must come before it. No configuration left: no order.
 *
 * <p>Three facts keep the set small, none of which loses an order:
 * <ul>
 *   <li>what changes nothing (a read, a refused write) takes its place as soon as the state fits;
 *   <li>an upload is written once, so its state is not left before all who saw it have had their place, and where an
 *       acknowledged write was conditional on it, only by that write;
 *   <li>an operation of unknown outcome may be left out, so that of two configurations that differ in those alone the one that
 *       used fewer of them is enough.
 * </ul>
 */
final class Search {
    /** Operations under way at once, those of unknown outcome among them: one bit each. */
    static final int MOST_AT_ONCE = 64;

    private static final int NOBODY_IN_PARTICULAR = -1;
    private static final int NOBODY_AT_ALL = -2;

    private final List<Operation> operations;
    private final int budget;
    private final Map<Integer, Integer> lastSeenAt = new HashMap<>();
    private final Map<Integer, Integer> leftOnlyBy = new HashMap<>();
    private final Operation[] slots = new Operation[MOST_AT_ONCE];
    private final int[] slotOf;
    private long used;
    private long open;
    private int now;
    private int looked;

    /** A state and the operations under way that have taken effect, apart from those of unknown outcome. */
    private record Place(int state, long done) {}

    /** @param openDone operations of unknown outcome that have taken effect */
    private record Configuration(Place place, long openDone) {
        long all() {
            return place.done | openDone;
        }
    }

    private record Event(int operation, boolean isReturn, long nanos) {}

    /** Configurations, of which none is there that another one makes needless. */
    private static final class Configurations {
        private final Map<Place, List<Long>> openDoneByPlace = new HashMap<>();

        /** Whether it was not there, nor one that used fewer open operations. */
        boolean add(Configuration one) {
            List<Long> known = openDoneByPlace.computeIfAbsent(one.place, place -> new ArrayList<>(1));
            for (long fewer : known) {
                if ((fewer & ~one.openDone) == 0) {
                    return false;
                }
            }
            known.add(one.openDone);
            return true;
        }

        boolean isEmpty() {
            return openDoneByPlace.isEmpty();
        }

        List<Configuration> all() {
            List<Configuration> all = new ArrayList<>();
            openDoneByPlace.forEach((place, opens) -> opens.forEach(o -> all.add(new Configuration(place, o))));
            return all;
        }
    }

    /** @param budget most configurations to look at in all */
    private Search(List<Operation> history, int budget) {
        this.operations = history.stream().filter(Operation::isOrdered).toList();
        this.budget = budget;
        this.slotOf = new int[operations.size()];
    }

    /** Looks for an order of one key's operations, from a key that is absent. */
    static Verdict run(List<Operation> history, int budget) {
        return new Search(history, budget).run();
    }

    private Verdict run() {
        List<Event> events = events();
        noteObservers(events);
        Configurations possible = new Configurations();
        possible.add(new Configuration(new Place(Operation.ABSENT, 0), 0));
        for (now = 0; now < events.size(); now++) {
            Event event = events.get(now);
            Operation operation = operations.get(event.operation);
            if (event.isReturn) {
                possible = afterReturn(possible, slotOf[event.operation]);
            } else if (!takeSlot(event.operation)) {
                return new Verdict.Undecided();
            } else if (!operation.changes()) {
                possible = settled(possible);
            }
            if (looked > budget) {
                return new Verdict.Undecided();
            }
            if (possible.isEmpty()) {
                return new Verdict.NotLinearizable(operation.number());
            }
        }
        return new Verdict.Linearizable();
    }

    /** At one instant calls come before returns: operations that touch count as concurrent. */
    private List<Event> events() {
        List<Event> events = new ArrayList<>(operations.size() * 2);
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            events.add(new Event(i, false, operation.fromNanos()));
            if (!operation.isOpen()) {
                events.add(new Event(i, true, operation.toNanos()));
            }
        }
        events.sort(Comparator.comparingLong(Event::nanos).thenComparing(Event::isReturn));
        return events;
    }

    /** For each upload that is written once: when the last read that saw it began, and which writes were conditional on it. */
    private void noteObservers(List<Event> events) {
        Map<Integer, Integer> writers = new HashMap<>();
        for (Operation operation : operations) {
            if (operation.changes() && operation.writes() != Operation.ABSENT) {
                writers.merge(operation.writes(), 1, Integer::sum);
            }
        }
        for (int at = 0; at < events.size(); at++) {
            Event event = events.get(at);
            Operation operation = operations.get(event.operation);
            if (event.isReturn || operation.isOpen()) {
                continue;
            }
            if (operation.call().isRead() && writers.getOrDefault(operation.sees(), 0) == 1) {
                lastSeenAt.put(operation.sees(), at);
            } else if (operation.changes() && writers.getOrDefault(operation.expects(), 0) == 1) {
                leftOnlyBy.merge(operation.expects(), operation.number(), (one, other) -> NOBODY_AT_ALL);
            }
        }
    }

    private boolean takeSlot(int operation) {
        if (used == -1L) {
            return false;
        }
        int slot = Long.numberOfTrailingZeros(~used);
        used |= 1L << slot;
        slots[slot] = operations.get(operation);
        slotOf[operation] = slot;
        if (operations.get(operation).isOpen()) {
            open |= 1L << slot;
        }
        return true;
    }

    /** With every operation in its place that changes nothing and fits. */
    private Configuration settle(int state, long done) {
        long all = done;
        for (long rest = used & ~done; rest != 0; rest &= rest - 1) {
            int slot = Long.numberOfTrailingZeros(rest);
            if (!slots[slot].changes() && slots[slot].isLegalIn(state)) {
                all |= 1L << slot;
            }
        }
        return new Configuration(new Place(state, all & ~open), all & open);
    }

    private Configurations settled(Configurations possible) {
        Configurations settled = new Configurations();
        for (Configuration one : possible.all()) {
            settled.add(settle(one.place.state, one.all()));
        }
        return settled;
    }

    /** What remains possible once the operation of that slot has returned: it has taken effect, and its slot is free. */
    private Configurations afterReturn(Configurations possible, int slot) {
        long bit = 1L << slot;
        Configurations after = new Configurations();
        Configurations seen = new Configurations();
        ArrayDeque<Configuration> todo = new ArrayDeque<>();
        for (Configuration one : possible.all()) {
            keep(one, bit, after, seen, todo);
        }
        // First in, first out: those with fewer operations in their places come first, and make others needless.
        while (!todo.isEmpty() && looked <= budget) {
            Configuration from = todo.remove();
            looked++;
            for (long rest = used & ~from.all(); rest != 0; rest &= rest - 1) {
                int next = Long.numberOfTrailingZeros(rest);
                Operation operation = slots[next];
                int state = from.place.state;
                if (operation.changes() && operation.isLegalIn(state) && mayLeave(state, operation)) {
                    keep(settle(operation.writes(), from.all() | 1L << next), bit, after, seen, todo);
                }
            }
        }
        used &= ~bit;
        return after;
    }

    private static void keep(
            Configuration one, long bit, Configurations after, Configurations seen, ArrayDeque<Configuration> todo) {
        if ((one.place.done & bit) != 0) {
            after.add(new Configuration(new Place(one.place.state, one.place.done & ~bit), one.openDone));
        } else if (seen.add(one)) {
            todo.add(one);
        }
    }

    private boolean mayLeave(int state, Operation by) {
        if (lastSeenAt.getOrDefault(state, -1) > now) {
            return false;
        }
        int only = leftOnlyBy.getOrDefault(state, NOBODY_IN_PARTICULAR);
        return only == NOBODY_IN_PARTICULAR || only == by.number();
    }
}
