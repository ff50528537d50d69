package io.linchpin.cluster.shard;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A question certainly reached no owner, for its shard was moving: asking again does nothing twice. */
public final class NotHeardException extends Exception {
    private static final long serialVersionUID = 1L;

    public NotHeardException(String why) {
        super(why, null, false, false);
    }

    /** Whether this is why a stage failed, which may have passed through others. */
    public static boolean is(@Nullable Throwable failure) {
        return failure instanceof NotHeardException
                || (failure instanceof CompletionException && failure.getCause() instanceof NotHeardException);
    }
}
