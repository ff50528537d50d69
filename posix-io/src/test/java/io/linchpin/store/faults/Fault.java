package io.linchpin.store.faults;

/**
 * What is to go wrong.
 *
 * @param at index of the operation's call
 * @param errno or {@link Errnos#SHORT}
 * @param persists whether every later call that can fail so does too, until the operation has ended
 */
record Fault(int at, Call call, int errno, boolean persists) {
    @Override
    public String toString() {
        return Errnos.name(errno) + (persists ? " from call " : " at call ") + at + ", " + call;
    }
}
