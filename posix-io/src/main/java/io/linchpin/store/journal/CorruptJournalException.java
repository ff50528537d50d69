package io.linchpin.store.journal;

import java.io.IOException;

/** A journal holds what no crash can leave: bytes that were durable have changed. Nothing is served on top of it. */
public final class CorruptJournalException extends IOException {
    private static final long serialVersionUID = 1;

    public CorruptJournalException(String message) {
        super(message);
    }

    public CorruptJournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
