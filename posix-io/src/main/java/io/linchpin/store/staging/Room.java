package io.linchpin.store.staging;

import io.linchpin.posix.PosixException;

/** Room that was promised to bytes which go to another place of the store than staging: those of parts. */
public final class Room implements AutoCloseable {
    private final SpaceGuard space;
    private long promisedBytes;

    Room(SpaceGuard space, long bytes, int files) throws PosixException {
        space.admit(bytes, files);
        this.space = space;
        this.promisedBytes = bytes;
    }

    /** So many of the bytes are in their file now; more than were promised are not counted. */
    public synchronized void taken(long bytes) {
        long counted = Math.min(bytes, promisedBytes);
        space.taken(counted);
        promisedBytes -= counted;
    }

    /** What was not taken will not be. Repeats do nothing. */
    @Override
    public synchronized void close() {
        space.release(promisedBytes);
        promisedBytes = 0;
    }
}
