package io.linchpin.fuzz;

import org.jspecify.annotations.Nullable;

/** What Jazzer's driver calls, by the names that it looks for. */
public final class JazzerEntry {
    private static @Nullable FuzzTarget target;

    private JazzerEntry() {}

    public static void fuzzerInitialize(String[] arguments) throws ReflectiveOperationException {
        target = Class.forName(arguments[0])
                .asSubclass(FuzzTarget.class)
                .getDeclaredConstructor()
                .newInstance();
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (target == null) {
            throw new IllegalStateException("not initialized");
        }
        target.run(input);
    }
}
