package io.linchpin.http.supervisor;

/** A start that is refused, in a sentence for the person who asked for it. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RefusedException(String sentence) {
        super(sentence);
    }
}
