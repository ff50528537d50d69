package io.linchpin.store.staging;

import io.linchpin.posix.Fd;
import io.linchpin.store.sidecar.Sidecar;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A small pair that was given away with its file still open and its bytes at hand: an owner in the same process takes
 * them, and opens, reads and parses nothing again.
 *
 * <p>They are no proof that nobody has judged the pair: only the files' names are. So they go with the first message about
 * it and with no other; whoever sends a second one {@link #close closes} them first.
 *
 * <p>One side gets them: {@link #take} or {@link #close}, whichever comes first.
 */
public final class OpenPair implements AutoCloseable {
    private final Fd data;
    private final byte[] bytes;
    private final Sidecar sidecar;
    private final AtomicBoolean gone = new AtomicBoolean();

    /**
     * Of a file that is open.
     *
     * @param data closed by who takes it, or with this
     */
    public OpenPair(Fd data, byte[] bytes, Sidecar sidecar) {
        this.data = data;
        this.bytes = bytes;
        this.sidecar = sidecar;
    }

    /** Whether the caller has them now: then it closes the data's descriptor. */
    public boolean take() {
        return gone.compareAndSet(false, true);
    }

    /** The staged data, open for reading and writing; of who took it. */
    public Fd data() {
        return data;
    }

    /** All bytes of the data; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    public Sidecar sidecar() {
        return sidecar;
    }

    /** Where nobody has taken them, nobody will. */
    @Override
    public void close() {
        if (take()) {
            data.close();
        }
    }
}
