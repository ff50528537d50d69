package io.linchpin.store.explore;

import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reference model of one key, a value: the states of its one order, and how far into it an answer or a reader has
 * seen. What has been seen survives; what is seen is one state of the order, and never an earlier one than before.
 *
 * @param order all states that the key had or may have, the first before anything happened
 * @param revealed index of the newest state that somebody knows of
 * @param current what the next mutation is judged against
 * @param pending mutations judged and not answered
 * @param judging whether the engine is just judging one
 * @param settled whether a recovery has ended since the last crash
 * @param loose whether a person changed the file while the order was open: then only mixtures and the loss of hand-made
 *     files are looked for
 * @param byHand whether a person has ever changed the file: after a power cut a replay need not respect that
 * @param handMade contents made by hand that must still be somewhere
 * @param replaceable the hand-made content that the pending mutations were judged to replace, or null
 */
record KeyModel(
        List<KeyState> order,
        int revealed,
        KeyState current,
        int pending,
        boolean judging,
        boolean settled,
        boolean loose,
        boolean byHand,
        List<String> handMade,
        @Nullable String replaceable) {
    static final KeyModel NEW =
            new KeyModel(List.of(KeyState.ABSENT), 0, KeyState.ABSENT, 0, false, false, false, false, List.of(), null);

    private KeyModel with(List<KeyState> newOrder, int newRevealed, KeyState newCurrent, int newPending) {
        return new KeyModel(
                newOrder, newRevealed, newCurrent, newPending, judging, settled, loose, byHand, handMade, replaceable);
    }

    private static <T> List<T> plus(List<T> list, T one) {
        List<T> longer = new ArrayList<>(list);
        longer.add(one);
        return List.copyOf(longer);
    }

    private static <T> List<T> without(List<T> list, T one) {
        return list.stream().filter(t -> !t.equals(one)).toList();
    }

    /** A reader has seen this. */
    KeyModel seen(Seen seen) {
        KeyState state = seen.state();
        if (loose) {
            return this;
        }
        for (int i = revealed; i < order.size(); i++) {
            if (order.get(i).equals(state)) {
                return i == revealed ? this : with(order, i, current, pending);
            }
        }
        throw new Violation("S2/S3: seen " + state + ", after state " + revealed + " of " + order);
    }

    /** At rest with nothing pending: the newest state must be in place. */
    void atRest(Seen seen) {
        KeyState state = seen.state();
        if (!loose && !order.getLast().equals(state)) {
            throw new Violation("S2: at rest " + state + " is in place, not the newest of " + order);
        }
    }

    /** A take-over has ended: one state of the order is in place, not earlier than what was seen; the rest is undone. */
    KeyModel recovered(Seen seen) {
        KeyModel after = seen(seen);
        List<KeyState> kept = loose ? order : order.subList(0, after.revealed + 1);
        return new KeyModel(
                List.copyOf(kept), after.revealed, seen.state(), 0, false, true, loose, byHand, handMade, replaceable);
    }

    /** All processes are gone: what was judged and not answered may have happened or not. */
    KeyModel crashed() {
        return new KeyModel(order, revealed, current, 0, false, false, loose, byHand, handMade, replaceable);
    }

    /** The power was cut: of hand-made files those are left that are found, which is nobody's fault but the person's. */
    KeyModel powerCut(List<String> found) {
        List<String> left = handMade.stream().filter(found::contains).toList();
        return new KeyModel(order, revealed, current, 0, false, false, loose || byHand, byHand, left, replaceable);
    }

    /** A person puts a file in place, or (null) removes what is there. */
    KeyModel edited(@Nullable String content) {
        boolean quiet = settled && pending == 0 && !judging && !loose;
        // A person may overwrite a person's file; one that appears while a mutation is judged may be what it replaces.
        List<String> made = content == null || judging ? List.of() : List.of(content);
        KeyState state = content == null ? KeyState.ABSENT : KeyState.handMade(content);
        return quiet
                ? new KeyModel(plus(order, state), order.size(), state, 0, false, true, false, true, made, null)
                : new KeyModel(order, revealed, current, pending, judging, settled, true, true, made, null);
    }

    /** The key's bucket has been deleted, and made anew: what was in it is gone, made by hand or not. */
    KeyModel emptied() {
        List<KeyState> longer = plus(order, KeyState.ABSENT);
        return new KeyModel(
                longer, longer.size() - 1, KeyState.ABSENT, 0, false, settled, false, false, List.of(), null);
    }

    /** The engine begins to judge; what is in place then. A hand-made file that is seen may be replaced. */
    KeyModel judging(Seen seen) {
        String replaced = replaceable;
        KeyState now = current;
        if (pending == 0) {
            KeyState state = seen.state();
            replaced = state.isHandMade() ? state.tag() : null;
            now = loose || state.isHandMade() ? state : current;
        }
        return new KeyModel(order, revealed, now, pending, true, settled, loose, byHand, handMade, replaced);
    }

    /** The model's verdict: the newest state of {@link #order} is what the mutation makes of the key. */
    KeyModel judged(Mutation mutation, int op) {
        KeyState after = switch (mutation) {
            case Mutation.Put put ->
                put.preconditions().isNone() || current.equals(KeyState.ABSENT) ? new KeyState(op, "") : current;
            case Mutation.Delete _ -> KeyState.ABSENT;
            case Mutation.SetTags _ -> current.op() <= 0 ? current : new KeyState(current.op(), "" + op);
        };
        String gone = replaceable;
        List<String> made = gone == null || after.equals(current) ? handMade : without(handMade, gone);
        return new KeyModel(plus(order, after), revealed, after, pending + 1, true, settled, loose, byHand, made, gone);
    }

    KeyModel judgingEnds() {
        return new KeyModel(order, revealed, current, pending, false, settled, loose, byHand, handMade, replaceable);
    }

    /** Somebody was told that the mutation at that place of the order is in place. */
    KeyModel revealed(int at) {
        return at <= revealed ? this : with(order, at, current, pending);
    }

    /** The mutation at that place of the order was voided: the order goes on without it. */
    private KeyModel voided(int at) {
        List<KeyState> without = new ArrayList<>(order);
        without.set(at, order.get(at - 1));
        return with(List.copyOf(without), revealed, without.getLast(), Math.max(0, pending - 1));
    }

    /** The mutation at that place of the order is answered. */
    KeyModel answered(int at, int op, Outcome outcome) {
        if (outcome instanceof Outcome.Failed) {
            return voided(at);
        }
        boolean told = !(outcome instanceof Outcome.Busy || outcome instanceof Outcome.Unknown);
        boolean changed = order.get(at).op() == op || !order.get(at).equals(order.get(at - 1));
        if (!loose && outcome instanceof Outcome.Committed && !changed) {
            throw new Violation("S2: op " + op + " was committed against its condition");
        }
        return with(order, told ? Math.max(revealed, at) : revealed, current, Math.max(0, pending - 1));
    }

    /** Hand-made files that must be somewhere. */
    void checkHandMade(List<String> found) {
        for (String content : handMade) {
            if (!found.contains(content)) {
                throw new Violation("S5: a hand-made file was destroyed: " + content + ", found " + found);
            }
        }
    }
}
