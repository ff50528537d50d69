package io.linchpin.store.node;

import org.jspecify.annotations.Nullable;

/**
 * The end of this process at once, because an invariant is broken: the kernel drops its locks, and another node takes
 * over from the journal. It is handed in, so that a test may look on.
 */
@FunctionalInterface
public interface Fatal {
    /** The exit status of a process that stopped itself on a broken invariant. */
    int EXIT_STATUS = 70;

    /** Says why and stops the process, without running any shutdown hook. Does not return in production. */
    void stop(String why, @Nullable Throwable cause);

    /** The real one: logs, then {@link Runtime#halt}. */
    static Fatal halting() {
        return (why, cause) -> {
            try {
                org.slf4j.LoggerFactory.getLogger(Fatal.class).error("stopping at once: {}", why, cause);
            } finally {
                Runtime.getRuntime().halt(EXIT_STATUS);
            }
        };
    }
}
