package io.linchpin.store.node;

import io.linchpin.posix.Fd;
import io.linchpin.posix.KernelLock;
import io.linchpin.posix.PosixException;
import io.linchpin.store.value.Incarnation;

/**
 * A witness of one node's death. It keeps the lock file open, so that no removal of the name can make a living node look
 * dead.
 */
public final class PeerLock implements AutoCloseable {
    private final Incarnation incarnation;
    private final Fd fd;

    PeerLock(Incarnation incarnation, Fd fd) {
        this.incarnation = incarnation;
        this.fd = fd;
    }

    public Incarnation incarnation() {
        return incarnation;
    }

    /** Whether the lock is free: then the process is gone, and so is every system call that it had in flight. */
    public boolean isDead() throws PosixException {
        return !KernelLock.isHeldBySomebodyElse(fd);
    }

    @Override
    public void close() {
        fd.close();
    }
}
