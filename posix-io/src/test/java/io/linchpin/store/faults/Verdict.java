package io.linchpin.store.faults;

/** What an operation came to. */
sealed interface Verdict {
    /** It said that it did what was asked, or that a condition kept it from that. */
    record Done(String answer) implements Verdict {}

    /** A typed error: nothing was done. */
    record Refused(String error) implements Verdict {}

    /** The process stopped itself. */
    record Halted(String why) implements Verdict {}

    /** What no rule allows: an exception of no declared kind, or no answer. */
    record Broken(String what) implements Verdict {}
}
