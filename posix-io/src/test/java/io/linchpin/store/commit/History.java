package io.linchpin.store.commit;

import io.linchpin.store.sidecar.Sidecar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reference model of one key: the states of its one order, and how far into it an answer or a reader has seen. What
 * has been seen survives; what is seen is one state of the order and never an earlier one than before.
 */
final class History {
    /** What a reader got: nothing, a file without metadata, or a file with its sidecar. */
    record Seen(@Nullable String body, @Nullable Sidecar sidecar) {
        @Override
        public String toString() {
            return body == null ? "absent" : head() + (sidecar == null ? " foreign" : " " + tag());
        }

        /** The body's first word: who uploaded it. */
        String head() {
            String text = body == null ? "" : body.strip();
            int space = text.indexOf(' ');
            return space < 0 ? text : text.substring(0, space);
        }

        String tag() {
            return sidecar == null ? "" : sidecar.tags().getOrDefault("tag", "");
        }
    }

    /** A state of the order: which upload's body (0: none), and which tag. */
    private record State(int op, String tag) {}

    private static final State ABSENT = new State(0, "");

    private final List<State> order = new ArrayList<>(List.of(ABSENT));
    private int revealed;
    private int pending;
    private boolean judging;
    private boolean edited;
    private Set<String> handMade = new HashSet<>();
    private @Nullable String replaceable;
    private State current = ABSENT;

    /** A person changes the file: from now on only mixtures and destroyed hand-made files are looked for. */
    void edited(@Nullable String content) {
        edited = true;
        // A person may overwrite or remove a person's file.
        handMade = new HashSet<>();
        // One that appears while a mutation is being judged may be what it was judged against, and replaces.
        if (content != null && !judging) {
            handMade.add(content);
        }
        replaceable = null;
    }

    /** What is in place when a mutation is judged; a hand-made file that it sees may be replaced by it. */
    void judging(Seen seen) {
        judging = true;
        if (pending == 0) {
            replaceable = seen.body() != null && seen.sidecar() == null ? seen.body() : null;
            if (edited) {
                current = state(seen);
            }
        }
    }

    /** The model's verdict on a mutation: its place in the order. */
    int judged(Mutation mutation, int op) {
        State before = current;
        State after = switch (mutation) {
            case Mutation.Put put -> put.preconditions().isNone() || before.equals(ABSENT) ? new State(op, "") : before;
            case Mutation.Delete _ -> ABSENT;
            case Mutation.SetTags _ -> before.op() <= 0 ? before : new State(before.op(), "" + op);
        };
        if (replaceable != null && !after.equals(before)) {
            handMade.remove(replaceable);
        }
        current = after;
        order.add(after);
        pending++;
        return order.size() - 1;
    }

    /** The engine has judged. */
    void judgingEnds() {
        judging = false;
    }

    void answered(int at, int op, Outcome outcome) {
        pending--;
        if (!(outcome instanceof Outcome.Failed
                || outcome instanceof Outcome.Busy
                || outcome instanceof Outcome.Unknown)) {
            revealed = Math.max(revealed, at);
        }
        boolean changed = order.get(at).op() == op || !order.get(at).equals(order.get(at - 1));
        if (!edited && outcome instanceof Outcome.Committed && !changed) {
            throw new AssertionError("op " + op + " was committed against its condition");
        }
    }

    void seen(Seen seen) {
        State state = state(seen);
        if (edited) {
            return;
        }
        for (int i = revealed; i < order.size(); i++) {
            if (order.get(i).equals(state)) {
                revealed = i;
                return;
            }
        }
        throw new AssertionError("S2/S3: seen " + seen + ", after state " + revealed + " of " + order);
    }

    /** At rest with nothing pending: the newest state is in place. */
    void check(Seen seen) throws IOException {
        seen(seen);
        if (!edited && !order.getLast().equals(state(seen))) {
            throw new AssertionError("S2: at rest " + seen + " is in place, not the newest of " + order);
        }
    }

    /** S1, and what state was seen. */
    private static State state(Seen seen) {
        if (seen.body() == null) {
            return ABSENT;
        }
        String head = seen.head();
        Sidecar sidecar = seen.sidecar();
        if (head.startsWith("hand-")) {
            if (sidecar != null) {
                throw new AssertionError("S5: stale metadata over a hand-made file: " + seen);
            }
            return new State(-1, head);
        }
        if (!head.startsWith("op-")) {
            throw new AssertionError("S1: bytes that nobody uploaded: " + seen);
        }
        if (sidecar == null) {
            throw new AssertionError("S1: an upload without its sidecar: " + seen);
        }
        Map<String, String> metadata = sidecar.userMetadata();
        if (!head.equals("op-" + metadata.get("op"))) {
            throw new AssertionError("S1: " + head + " under the metadata of op " + metadata.get("op"));
        }
        return new State(Integer.parseInt(head.substring(3)), seen.tag());
    }

    /** The process died: what was judged and not answered may have happened or not. */
    void crashed() {
        pending = 0;
        judging = false;
    }

    /** After a power cut hand-made files that were not synced may be gone, which is nobody's fault but the person's. */
    void powerCut(Observer observer) {
        try {
            handMade.retainAll(observer.handMade());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A take-over has ended: one state of the order is in place, not earlier than what was seen; the rest is undone. */
    void recovered(Seen seen) {
        seen(seen);
        if (!edited) {
            while (order.size() > revealed + 1) {
                order.removeLast();
            }
        }
        current = state(seen);
    }

    /** Hand-made files that must be somewhere. */
    void checkHandMade(Observer observer) throws IOException {
        List<String> found = observer.handMade();
        for (String content : handMade) {
            if (!found.contains(content)) {
                throw new AssertionError("S5: a hand-made file was destroyed: " + content + ", found " + found);
            }
        }
    }
}
