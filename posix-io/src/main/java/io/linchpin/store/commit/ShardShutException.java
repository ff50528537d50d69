package io.linchpin.store.commit;

import java.io.IOException;

/**
 * A shard whose lock is had and which stays shut: a key that may have been acknowledged cannot be put in place. Its records are
 * in our journal by now, so the lock is kept, and whoever catches this goes on with {@link #tryAgain} until the shard is had.
 */
public final class ShardShutException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Attempt next;

    /** Goes on with the take-over. */
    @FunctionalInterface
    public interface Attempt {
        OwnedShard run() throws IOException;
    }

    public ShardShutException(int shard, String why, Attempt next) {
        super("shard " + shard + " stays shut: " + why);
        this.next = next;
    }

    /**
     * Goes on where the take-over stopped, once.
     *
     * @throws ShardShutException where the shard stays shut
     */
    public OwnedShard tryAgain() throws IOException {
        return next.run();
    }
}
