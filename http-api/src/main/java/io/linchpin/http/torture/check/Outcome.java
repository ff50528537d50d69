package io.linchpin.http.torture.check;

/** How a request ended, for the client. */
public enum Outcome {
    /** Acknowledged; of a read: answered, with one upload's content or that there is none. */
    DONE,

    /** A condition did not hold; certainly nothing was changed. */
    REFUSED,

    /** No answer, or one that promises nothing: it may have taken effect, may still, or never will. Only of writes. */
    UNKNOWN,

    /** A read that was answered with parts of several uploads. It proves the endpoint wrong by itself. */
    TORN
}
