package io.linchpin.http.cli;

/** Arguments that are not understood, in a sentence. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    public UsageException(String sentence) {
        super(sentence);
    }
}
