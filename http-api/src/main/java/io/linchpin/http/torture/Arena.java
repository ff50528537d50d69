package io.linchpin.http.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The few keys that are raced on at a time. A key that has had its operations makes room for a fresh one. */
final class Arena {
    /** Fewer keys than clients, so that they meet. */
    private static final int CLIENTS_A_KEY = 4;

    private final List<Theme> themes;
    private final int clients;
    private final KeyRun[] slots;
    private int made;

    Arena(Features features, int clients) {
        this.themes = Stream.of(Theme.values())
                .filter(theme -> theme.makesSense(features))
                .toList();
        this.clients = clients;
        this.slots = new KeyRun[Math.max(1, (clients + CLIENTS_A_KEY - 1) / CLIENTS_A_KEY)];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = fresh();
        }
    }

    private KeyRun fresh() {
        Theme theme = themes.get(made++ % themes.size());
        return new KeyRun(made, theme, clients);
    }

    /** A key with an operation left, entered. */
    synchronized KeyRun enter(RandomGenerator random) {
        int slot = random.nextInt(slots.length);
        while (!slots[slot].enter()) {
            slots[slot] = fresh();
        }
        return slots[slot];
    }

    /** Lets nobody in any more; those keys that are at rest, and which now are the caller's. */
    synchronized List<KeyRun> close() {
        List<KeyRun> atRest = new ArrayList<>();
        for (KeyRun run : slots) {
            if (run.close()) {
                atRest.add(run);
            }
        }
        return atRest;
    }
}
