package io.linchpin.store.sidecar;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A sidecar's bytes are not what was written, or not of a version known here. Never a client's fault. */
public final class CorruptSidecarException extends IOException {
    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Kind {
        /** Longer than {@link SidecarCodec#MAX_BYTES}. */
        TOO_LONG,
        /** The last line is not there, or not as it must be: cut short, or not a sidecar. */
        FRAME,
        /** The checksum is not that of the document: a flipped bit, or an edit by hand. */
        CHECKSUM,
        /** Intact, but of a later version. */
        VERSION,
        /** Intact, but a field is missing or has no sense: a fault of whoever wrote it. */
        CONTENT
    }

    private final Kind kind;

    CorruptSidecarException(Kind kind, String what) {
        this(kind, what, null);
    }

    CorruptSidecarException(Kind kind, String what, @Nullable Throwable cause) {
        super("sidecar: " + what, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
