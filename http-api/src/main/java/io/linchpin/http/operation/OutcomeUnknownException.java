package io.linchpin.http.operation;

/** Whether a request took effect cannot be told, so it must not be answered: the connection is to be broken. */
public final class OutcomeUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OutcomeUnknownException() {
        super("the outcome of the request is unknown", null, false, false);
    }
}
