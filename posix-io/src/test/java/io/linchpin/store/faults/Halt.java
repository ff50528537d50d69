package io.linchpin.store.faults;

/** Thrown where the process has stopped itself; an Error, so that nothing on the way mistakes it for a fault to handle. */
final class Halt extends Error {
    private static final long serialVersionUID = 1;

    Halt(String why) {
        super(why, null, false, false);
    }
}
