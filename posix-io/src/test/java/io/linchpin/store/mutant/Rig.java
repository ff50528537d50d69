package io.linchpin.store.mutant;

import java.io.IOException;
import java.util.function.Function;

/**
 * Something that finds broken engines: a class that is loaded with the mutant, and answers an order by what it found, or by
 * text that begins with {@code alive}.
 */
enum Rig {
    CRASHES("io.linchpin.store.explore.Hunt"),
    LIVES("io.linchpin.store.commit.LivesHunt");

    private final String type;

    Rig(String type) {
        this.type = type;
    }

    /** Hunts a mutant; the answer in one line. */
    @SuppressWarnings("unchecked")
    String hunt(Mutant mutant, String order) throws IOException {
        try {
            Function<String, String> hunter = (Function<String, String>) new MutantLoader(mutant)
                    .loadClass(type)
                    .getDeclaredConstructor()
                    .newInstance();
            return hunter.apply(order);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("rig " + type, e);
        }
    }
}
