package io.linchpin.store.explore;

/** A guarantee that does not hold. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(String what) {
        super(what);
    }
}
