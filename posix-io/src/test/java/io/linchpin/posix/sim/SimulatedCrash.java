package io.linchpin.posix.sim;

/**
 * Thrown out of a system call at which the process is to die. An Error, so that no {@code catch (Exception)} on the way
 * lives on after its own death.
 */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1;

    public SimulatedCrash(String where) {
        super(where, null, false, false);
    }
}
